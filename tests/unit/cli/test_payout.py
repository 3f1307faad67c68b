# SPDX-License-Identifier: Apache-2.0
"""`kerege payout`: everyone in a file, once, with a report of each line."""

from pathlib import Path

from tests.terminals import Terminal


def payroll(folder: Path, *rows: str) -> str:
    path = folder / "salaries.csv"
    path.write_text("to,amount,note\n" + "".join(f"{row}\n" for row in rows), encoding="utf-8")
    return str(path)


def test_everyone_is_paid_once(aru: Terminal, beket: Terminal, tmp_path: Path) -> None:
    aru.create(money=100_00)
    shop = beket.create()
    file = payroll(tmp_path, f"{shop},10.50,May", f"{shop},1,bonus")
    assert aru.must("payout", file, "--dry-run") == "Would pay 2 lines, KZT 11.50\n"
    report = tmp_path / "report.csv"
    for _ in range(2):
        told = aru.must("payout", file, "--report", str(report))
        assert told == "2 of 2 lines were paid.\n"
    assert (aru.balance(), beket.balance()) == (88_50, 11_50)
    assert report.read_text().count("accepted") == 2
    aru.must("payout", file, "--run", "2")
    assert beket.balance() == 23_00


def test_a_line_nobody_has_is_told_and_the_rest_paid(
    aru: Terminal, beket: Terminal, tmp_path: Path
) -> None:
    aru.create(money=100_00)
    file = payroll(tmp_path, "@nobody,5,", f"{beket.create()},5,")
    result = aru.run("payout", file)
    assert result.exit_code == 1
    assert "1 of 2 lines were paid." in result.output
    assert "line 2: payee_unknown" in result.output
    assert beket.balance() == 5_00


def test_a_file_with_faults_pays_nobody(aru: Terminal, beket: Terminal, tmp_path: Path) -> None:
    aru.create(money=100_00)
    file = payroll(tmp_path, f"{beket.create()},5,", "wal_x,1,", "@a,x,=cmd()")
    result = aru.run("payout", file)
    assert result.exit_code == 1
    assert "nobody was paid" in result.output
    assert "line 3 to:" in result.output
    assert "line 4 amount:" in result.output
    assert beket.balance() == 0


def test_other_files_are_told(aru: Terminal, tmp_path: Path) -> None:
    aru.create()
    (tmp_path / "x.csv").write_bytes(b"\xff\xfe\x00")
    assert "not UTF-8" in aru.run("payout", str(tmp_path / "x.csv")).output
    assert aru.run("payout", str(tmp_path / "none.csv")).exit_code == 2


def test_the_same_twice_is_asked_about(aru: Terminal, beket: Terminal, tmp_path: Path) -> None:
    aru.create(money=100_00)
    shop = beket.create()
    told = aru.must("payout", payroll(tmp_path, f"{shop},5,", f"{shop},5,"), "--dry-run")
    assert "the same payee and amount in lines 2 and 3" in told
