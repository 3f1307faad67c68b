# SPDX-License-Identifier: Apache-2.0
"""A made-up list, names that are on it in other spellings, and names that are not.

Nobody here exists: names and dates were put together at random from common ones.
"""

from kerege.bank.screening_list import ListedEntry, SanctionsList

__all__ = ["LISTED", "OTHERS", "SPELLINGS"]


def _person(number: int, *names: str, born: str = "") -> ListedEntry:
    dates = (born,) if born else ()
    return ListedEntry(id=f"p{number}", kind="person", names=names, birth_dates=dates)


LISTED = SanctionsList(
    name="made-up",
    version="1",
    entries=(
        _person(1, "Тұрсынбек Оразғалиұлы Жолдыбаев", born="1969-04-12"),
        _person(2, "Kuanysh Serikovich Beisekeyev", born="1975"),
        _person(3, "Щедрин Юрий Вячеславович", "Yuri Shchedrin", born="1958-11-30"),
        _person(4, "Abdul Rahman Al-Karimzade", "Abdurahmon Karimzoda", born="1980-02-01"),
        _person(5, "Гүлбаршын Қыдырәліқызы Әшімова", born="1983-07-19"),
        _person(6, "Mohammed Hassan Ibn Yusupali"),
        _person(7, "Чингиз Хайруллаевич Жүнісбеков", born="1971-01-05"),
        _person(8, "Ксения Филипповна Цветаевская"),
        _person(9, "Walikhan Toktarovich Dzhumagaliyev", born="1966-06-06"),
        _person(10, "Нұрлыбек Ғабиденұлы Әбдіғаппаров"),
        ListedEntry(id="f1", kind="firm", names=("ТОО «Алтын Көпір Трейдинг»",)),
        ListedEntry(id="f2", kind="firm", names=("Caspian Meridian Shipping LLC",)),
        ListedEntry(id="v1", kind="vessel", names=("MERIDIAN STAR",)),
    ),
)

SPELLINGS: list[tuple[str, str, str]] = [
    # who is meant, how it is written, born
    ("p1", "Турсынбек Жолдыбаев", ""),
    ("p1", "TURSYNBEK ZHOLDYBAYEV", "1969-04-12"),
    ("p1", "Joldybaev Tursynbek", ""),
    ("p1", "Жолдыбаев Т. О.", "1969-12-04"),
    ("p1", "Tursunbek Oraz\u011faliuly Joldibaev", ""),
    ("p2", "Қуаныш Бейсекеев", "1975-03-03"),
    ("p2", "Бейсекеев Куаныш Серикович", ""),
    ("p2", "Kuanych Beisekeev", ""),
    ("p2", "Beysekeyev, Quanysh", "1976-01-01"),
    ("p3", "Iurii Scedrin", "1958-11-30"),
    ("p3", "Щедрин Ю. В.", "1958-11-30"),
    ("p3", "Yuriy Vyacheslavovich Schedrin", ""),
    ("p3", "Щедринн Юрий", ""),
    ("p4", "Абдурахман Каримзаде", ""),
    ("p4", "Abdulrahman Karimzade", "1980-01-02"),
    ("p4", "Karimzada Abdurrahman", ""),
    ("p5", "Gulbarshyn Ashimova", "1983-07-19"),
    ("p5", "Ашимова Гульбаршин Кыдыралиевна", ""),
    ("p5", "Gülbarşın Äşimova", ""),
    ("p6", "Мухаммед Хасан Юсупали", ""),
    ("p6", "Muhammad Hasan Yusupali", ""),
    ("p6", "Mohamed Hassan Yusup Ali", ""),
    ("p7", "Shyngyz Zhunisbekov", "1971-01-05"),
    ("p7", "Жунусбеков Чингиз", ""),
    ("p7", "Chingiz Junisbekov", ""),
    ("p8", "Kseniya Tsvetaevskaya", ""),
    ("p8", "Xenia Tsvetayevskaya", ""),
    ("p8", "Цветаевская К. Ф.", ""),
    ("p9", "Уәлихан Жұмағалиев", ""),
    ("p9", "Valikhan Jumagaliev", "1966-06-06"),
    ("p9", "Джумагалиев Валихан Токтарович", ""),
    ("p10", "Nurlybek Abdigapparov", ""),
    ("p10", "Нурлыбек Абдигаппаров", ""),
    ("p10", "Абдыгапаров Нурлибек", ""),
]

OTHERS: list[tuple[str, str]] = [
    # Somebody else, born
    ("Айгерім Қайратқызы Нұрланова", "1991-01-01"),
    ("Тұрсынбек Әлімжанов", "1969-04-12"),
    ("Бейсекеева Куаныш", "1999-05-05"),
    ("Куаныш Серикбаев", "1975-01-01"),
    ("Щедрин Алексей Вячеславович", "1958-11-30"),
    ("Юрий Щербаков", ""),
    ("Юрий Щедров", "1988-10-10"),
    ("Каримов Абдурахман", "1980-02-01"),
    ("Каримзаде Лейла", ""),
    ("Гулбаршын Сәрсенова", "1983-07-19"),
    ("Ашимова Гульмира Кыдыралиевна", ""),
    ("Мухаммед Али", ""),
    ("Хасан Мухаммедов", ""),
    ("Юсупов Мухаммед Хасанович", ""),
    ("Чингиз Айтматбеков", "1971-01-05"),
    ("Жүнісбеков Дархан", ""),
    ("Ксения Цветкова", ""),
    ("Уәлихан Тоқтаров", ""),
    ("Жұмағалиев Әлихан", "1966-06-06"),
    ("Нұрлыбек Сапаров", ""),
    ("Әбдіғаппаров Бауыржан", ""),
    ("Али", ""),
    ("Мухаммед", ""),
    ("Серик", ""),
    ("Иванов Иван Иванович", "1975-01-01"),
    ("Ким Юлия", ""),
    ("Ли Хан", ""),
    ("Kuanysh Nurgaliyev", "1975-06-01"),
    ("John Hassan", ""),
    ("Meridian Star", ""),
]
