"""What partners question about their commissions."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.db.base import Base, Id, LongText
from portal.db.scope import earned_by


class Question(Base):
    """A question about one line, with the day by which it is answered, and its answer."""

    __tablename__ = "commission_questions"
    __scope__ = earned_by("partner_id")
    __table_args__ = (
        CheckConstraint("(answered_at IS NULL) = (answer = '')", name="answered"),
        Index("ix_commission_questions_open", "answered_at", "due_at", "id"),
    )

    id: Mapped[Id]
    created_at: Mapped[dt.datetime]
    version: Mapped[int] = mapped_column()
    ref: Mapped[str] = mapped_column(String(20), unique=True)
    line_id: Mapped[int] = mapped_column(ForeignKey("commission_lines.id"), index=True)
    partner_id: Mapped[int] = mapped_column(ForeignKey("partners.id"), index=True)
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    text: Mapped[LongText]
    due_at: Mapped[dt.datetime]
    answer: Mapped[LongText] = mapped_column(default="")
    answered_at: Mapped[dt.datetime | None]
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)

    __mapper_args__ = {"version_id_col": version}
