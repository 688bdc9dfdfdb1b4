"""``python -m tests.retrieval FOLDER``: how good and how dear the library and its peers are, on the sets in there."""

import argparse
import shlex
import sys
import tempfile
from pathlib import Path

from knowledge.errors import DemarcheError
from tests.retrieval import report, sets, table
from tests.retrieval.peers import PEERS
from tests.retrieval.sets import RetrievalSet, SetError
from tests.retrieval.trial import EMBEDDING, OURS, Trial, TrialFailed, apart

ON_STDOUT = "-"


def main() -> int:
    options = _options()
    try:
        read = [sets.read(folder) for folder in _chosen(Path(options.folder), options.only)]
        measured = tuple(_measured(found, options.peers) for found in read)
    except DemarcheError as error:
        print(error, file=sys.stderr)
        return 2
    found = report.Report(
        machine=report.machine(shlex.join(["python", "-m", "tests.retrieval", *sys.argv[1:]])), sets=measured
    )
    table.show(found, sys.stderr if options.json == ON_STDOUT else sys.stdout)
    if options.json == ON_STDOUT:
        print(found.model_dump_json(indent=2))
    elif options.json:
        Path(options.json).write_text(found.model_dump_json(indent=2) + "\n", encoding="utf-8")
    return 0 if found.is_whole else 1


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.retrieval", description=__doc__)
    parser.add_argument("folder", help="a set in BEIR's form, or a folder of such sets")
    parser.add_argument("--json", metavar="FILE", help="write the figures there as well; - for standard output")
    parser.add_argument("--only", metavar="NAME", help="measure only the set of this name")
    parser.add_argument(
        "--peers", action=argparse.BooleanOptionalAction, default=True, help="measure the peers as well"
    )
    return parser.parse_args()


def _chosen(data: Path, only: str | None) -> list[Path]:
    found, others = sets.set_folders(data)
    for path in others:
        _tell(f"{path.name} is left out: it is no set in BEIR's form")
    if only is None:
        return found
    chosen = [path for path in found if path.name == only]
    if not chosen:
        raise SetError(data, 0, f"no set is called {only}; choose one of {', '.join(path.name for path in found)}")
    return chosen


def _measured(found: RetrievalSet, with_peers: bool) -> report.SetReport:
    _tell(f"{found.name}: {len(found.documents):,} documents, {len(found.queries):,} queries")
    trials = {OURS: _tried(found, OURS, Path())}
    if not with_peers:
        return report.compared(found, trials, {})
    with tempfile.TemporaryDirectory() as folder:
        _tell("  embedding")
        embedding = apart(found.path, EMBEDDING, Path(folder))
        for peer in PEERS:
            trials[peer.name] = _tried(found, peer.name, Path(folder))
    return report.compared(found, trials, {peer.name: embedding for peer in PEERS if peer.is_given_vectors})


def _tried(found: RetrievalSet, system: str, vectors: Path) -> Trial | str:
    _tell(f"  {system}")
    try:
        return apart(found.path, system, vectors)
    except TrialFailed as error:
        return str(error)


def _tell(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
