"""Small pools, made plainly."""

from convene.engines.allotment import Applicant, Quota


def halves(*, women: int, men: int) -> tuple[list[Applicant], list[Quota]]:
    """People in two values; the quotas want two of each among four seats."""
    people = [Applicant(f"w{n}", {"gender": "woman"}) for n in range(women)]
    people += [Applicant(f"m{n}", {"gender": "man"}) for n in range(men)]
    return people, [Quota("gender", "woman", 2, 2), Quota("gender", "man", 2, 2)]
