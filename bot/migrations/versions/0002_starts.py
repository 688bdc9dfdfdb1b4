"""What started a debate: nothing older is a part of it."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.add_column("debates", sa.Column("event", sa.BigInteger(), nullable=False, server_default="0"))


def downgrade() -> None:
    op.drop_column("debates", "event")
