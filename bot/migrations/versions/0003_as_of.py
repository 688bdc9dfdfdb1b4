"""The day up to which a debate uses the record."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.add_column("debates", sa.Column("as_of", sa.String(length=20), nullable=True))


def downgrade() -> None:
    op.drop_column("debates", "as_of")
