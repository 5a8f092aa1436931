"""The catalogues: the public journey is wholly translated, .mo matches .po, placeholders are kept."""

from __future__ import annotations

import fnmatch
import re
import sys
from pathlib import Path

import translations as tool

PUBLIC = [
    "apps/attendance/forms.py",
    "apps/attendance/rules.py",
    "apps/attendance/templates/attendance/_own*",
    "apps/attendance/templates/attendance/_record_line.html",
    "apps/attendance/templates/attendance/certificate.html",
    "apps/attendance/templates/attendance/code.html",
    "apps/attendance/templates/attendance/contest.html",
    "apps/attendance/templates/attendance/feedback.html",
    "apps/attendance/templates/attendance/here.html",
    "apps/attendance/templates/attendance/join.html",
    "apps/attendance/templates/attendance/no_session.html",
    "apps/attendance/templates/attendance/record.html",
    "apps/attendance/templatetags/*",
    "apps/attendance/views/arrive.py",
    "apps/communities/models/core.py",
    "apps/communities/templates/communities/_application_state.html",
    "apps/communities/templates/communities/application_confirm.html",
    "apps/communities/templates/communities/application_follow.html",
    "apps/communities/templates/communities/apply*",
    "apps/communities/templates/communities/charter.html",
    "apps/communities/templates/communities/community.html",
    "apps/communities/templates/communities/conduct_report.html",
    "apps/communities/templates/communities/conduct_sent.html",
    "apps/communities/templates/communities/link_spent.html",
    "apps/notices/rendering.py",
    "apps/notices/templates/notices/unsubscribe.html",
    "apps/notices/texts.py",
    "apps/people/adapter.py",
    "apps/people/forms.py",
    "apps/rooms/templates/rooms/groups/_mine.html",
    "apps/rooms/templates/rooms/groups/phone_why.html",
    "apps/seats/chance_forms.py",
    "apps/seats/chance_words.py",
    "apps/seats/checking.py",
    "apps/seats/forms.py",
    "apps/seats/models/*",
    "apps/seats/receipts.py",
    "apps/seats/rules/*",
    "apps/seats/showing.py",
    "apps/seats/services/decisions.py",
    "apps/seats/services/gate.py",
    "apps/seats/services/knowing.py",
    "apps/seats/services/moves.py",
    "apps/seats/services/requests.py",
    "apps/seats/templates/seats/_*",
    "apps/seats/templates/seats/approval.html",
    "apps/seats/templates/seats/ask*",
    "apps/seats/templates/seats/draw.html",
    "apps/seats/templates/seats/fair_draw.html",
    "apps/seats/templates/seats/gone.html",
    "apps/seats/templates/seats/mine.html",
    "apps/seats/templates/seats/registration.html",
    "apps/seats/templates/seats/witness.html",
    "apps/seats/views/keeping.py",
    "apps/seats/views/witnessing.py",
    "apps/workshops/models.py",
    "apps/workshops/templates/workshops/resources.html",
    "foundation/access/*",
    "foundation/times.py",
    "settings/__init__.py",
    "web/pages/listing.py",
    "web/pages/open.py",
    "web/pages/series.py",
    "web/pages/words.py",
    "web/pages/workshop.py",
    "web/templates/403_csrf.html",
    "web/templates/429.html",
    "web/templates/about/*",
    "web/templates/account/*",
    "web/templates/base.html",
    "web/templates/community/head.html",
    "web/templates/community/open.html",
    "web/templates/errors/*",
    "web/templates/home.html",
    "web/templates/mfa/*",
    "web/templates/open/*",
    "web/templates/people/link*",
    "web/templates/registration/*",
    "web/templates/series/*",
    "web/templates/socialaccount/*",
    "web/templates/ui/*",
    "web/templates/workshop/*",
    "web/ui/*.py",
]
"""What someone meets from the open list to the record: signing in, asking, being told, coming."""
SHOWN = 40
NOT_PUBLIC = [
    "web/templates/patterns*",
    "apps/seats/templates/seats/_draw_panel.html",
    "apps/seats/templates/seats/_targets*",
    "apps/seats/templates/seats/_forecast*",
    "apps/stewardship/practice/*.py",
    "apps/stewardship/tasks.py",
    "apps/stewardship/templates/stewardship/practice/*",
]


def is_public(file: str) -> bool:
    return _any(file, PUBLIC) and not _any(file, NOT_PUBLIC)


def _any(file: str, patterns: list[str]) -> bool:
    return any(fnmatch.fnmatch(file, pattern) for pattern in patterns)


def problems_of(path: Path, public: dict[tool.Text, str]) -> list[str]:
    catalogue = tool.read(path)
    language = path.parents[1].name
    problems = []
    for text, file in public.items():
        message = catalogue.get(text.singular, context=text.context)
        if message is None or message.fuzzy or not all(tool.strings_of(message)):
            problems.append(f"{language}: {file}: not translated: {text.singular!r}")
    for message in catalogue:
        wanted = _placeholders(message.id if isinstance(message.id, str) else message.id[-1])
        # The forms for one and two may say the number as a word.
        problems += [
            f"{language}: other placeholders than in English: {string!r}"
            for string in (tool.strings_of(message) if message.id else ())
            if string and _placeholders(string) - wanted
        ]
    machine = path.with_suffix(".mo")
    if not machine.exists() or machine.read_bytes() != tool.compiled(catalogue):
        problems.append(f"{language}: django.mo does not match django.po; run tools/translations.py")
    return problems


def _placeholders(text: str) -> set[str]:
    return set(re.findall(r"%\(\w+\)[sd]|\{\w*\}", text))


def main() -> int:
    found = tool.all_texts()
    public = {
        text: next(file for file, _line in places if is_public(file))
        for text, places in found.items()
        if any(is_public(file) for file, _line in places)
    }
    problems = [problem for path in tool.catalogues() for problem in problems_of(path, public)]
    print("\n".join(problems[:SHOWN]))
    if len(problems) > SHOWN:
        print(f"… and {len(problems) - SHOWN} more")
    return 1 if problems else 0


if __name__ == "__main__":
    tool.prepare()
    sys.exit(main())
