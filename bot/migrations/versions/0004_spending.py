"""What is spent on the language model; who drafted a turn, and how its claims were checked."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.add_column("turns", sa.Column("drafter", sa.Text(), nullable=False, server_default=""))
    op.add_column("turns", sa.Column("remark", sa.Text(), nullable=False, server_default=""))
    op.add_column("claims", sa.Column("checked", sa.String(length=20), nullable=False, server_default="annotated"))
    op.create_table(
        "spending",
        sa.Column("scope", sa.String(length=20), nullable=False),
        sa.Column("holder", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("period", sa.String(length=20), nullable=False),
        sa.Column("requests", sa.Integer(), nullable=False),
        sa.Column("tokens", sa.BigInteger(), nullable=False),
        sa.Column("cost", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("scope", "holder", "period", name=op.f("pk_spending")),
    )


def downgrade() -> None:
    op.drop_table("spending")
    op.drop_column("claims", "checked")
    op.drop_column("turns", "remark")
    op.drop_column("turns", "drafter")
