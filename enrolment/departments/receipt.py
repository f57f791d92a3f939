"""« Accusé de réception » on paper: the page's words on our letterhead, to be kept (H08)."""

from io import BytesIO

from django.template.loader import render_to_string
from django.utils import timezone

from accounts.identity.caisses import DEPARTMENTS
from accounts.letters.layout import draw, new_paper
from accounts.letters.text import LetterText
from enrolment.models import DepartmentRequest


def as_pdf(request: DepartmentRequest) -> bytes:
    """The request's account comes with its member."""
    member, department = request.account.member, DEPARTMENTS[request.department]
    context = {"request": request, "department": department}
    subject, _, body = render_to_string("enrolment/departments/receipt.txt", context).strip().partition("\n")
    text = LetterText(
        caisse=department.caisse,
        written_on=timezone.localdate(request.created_at),
        subject=subject,
        address=tuple(member.postal_address if member else ()),
        paragraphs=tuple(body.strip().split("\n\n")),
    )
    target = BytesIO()
    paper = new_paper(target, title=subject)
    draw(paper, text)
    paper.save()
    return target.getvalue()
