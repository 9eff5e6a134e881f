"""Claims show what was found, protections may be shared, and lists are saved as views.

New columns are filled with their plain value at once.  The partial index on protections is made
anew, which locks that table for a moment.
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade():
    op.create_table(
        "saved_views",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("partner_id", sa.Integer(), nullable=True),
        sa.Column("page", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("query", sa.Text(), nullable=False),
        sa.Column("is_shared", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["partner_id"], ["partners.id"], name=op.f("fk_saved_views_partner_id")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_saved_views_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_views")),
        sa.UniqueConstraint(
            "user_id", "page", "name", name=op.f("uq_saved_views_user_id_page_name")
        ),
    )
    with op.batch_alter_table("saved_views", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_saved_views_partner_id"), ["partner_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_saved_views_user_id"), ["user_id"], unique=False)

    with op.batch_alter_table("deals", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("finding", sa.String(length=60), nullable=False, server_default="")
        )
        batch_op.add_column(sa.Column("holder_asked_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.create_index("ix_deals_decided", ["decided_at", "id"], unique=False)

    with op.batch_alter_table("judgements", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("is_choice", sa.Boolean(), nullable=False, server_default=sa.false())
        )

    with op.batch_alter_table("protections", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("is_shared", sa.Boolean(), nullable=False, server_default=sa.false())
        )
        batch_op.drop_index("uq_protections_one_live")
    op.create_index(
        "uq_protections_one_live",
        "protections",
        ["customer_id", "line_id"],
        unique=True,
        sqlite_where=sa.text("state = 'live' AND is_shared = 0"),
        postgresql_where=sa.text("state = 'live' AND is_shared = false"),
    )


def downgrade():
    op.drop_index("uq_protections_one_live", "protections")
    with op.batch_alter_table("protections", schema=None) as batch_op:
        batch_op.drop_column("is_shared")
    op.create_index(
        "uq_protections_one_live",
        "protections",
        ["customer_id", "line_id"],
        unique=True,
        sqlite_where=sa.text("state = 'live'"),
        postgresql_where=sa.text("state = 'live'"),
    )

    with op.batch_alter_table("judgements", schema=None) as batch_op:
        batch_op.drop_column("is_choice")

    with op.batch_alter_table("deals", schema=None) as batch_op:
        batch_op.drop_index("ix_deals_decided")
        batch_op.drop_column("holder_asked_at")
        batch_op.drop_column("finding")

    with op.batch_alter_table("saved_views", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_saved_views_user_id"))
        batch_op.drop_index(batch_op.f("ix_saved_views_partner_id"))

    op.drop_table("saved_views")
