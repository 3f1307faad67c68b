# SPDX-License-Identifier: Apache-2.0
"""The live scene is a scene: what planning may ask is what it can answer."""

import inspect

from kerege.centralbank.actions_facts import LiveScene
from kerege.centralbank.actions_scene import ActionScene


def test_the_live_scene_answers_every_question() -> None:
    asked = {name for name, _ in inspect.getmembers(ActionScene) if not name.startswith("_")}
    assert asked <= set(dir(LiveScene))
