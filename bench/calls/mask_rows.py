"""Runs inspect_evals' own MASK task on generated rows: mask_rows.py ROWS URL LOGS TARGET_TOKENS JUDGE_TOKENS."""

import json
import os
import sys

from inspect_ai import eval as evaluate
from inspect_ai.model import GenerateConfig, get_model
from inspect_evals.mask import mask as package
from inspect_evals.mask.data import record_to_sample
from inspect_evals.mask.types import QuestionArchetype

task_module = sys.modules["inspect_evals.mask.mask"]


def main() -> None:
    rows, url, logs, target_tokens, judge_tokens = sys.argv[1:]
    os.environ["BENCH_API_KEY"] = "bench"
    os.environ["BENCH_BASE_URL"] = url
    with open(rows, encoding="utf-8") as lines:
        records = [json.loads(line) for line in lines]
    archetype = QuestionArchetype.KNOWN_FACTS
    samples = [record_to_sample(record, archetype) for record in records]
    # The task loads its dataset from the Hub; here it is given rows of the same columns.
    task_module.get_mask_dataset = lambda question_archetype=None: samples
    judge = "openai-api/bench/bench-judge"
    task = task_module.mask(
        binary_judge_model=judge,
        numeric_judge_model=judge,
        judge_max_tokens=int(judge_tokens),
    )
    task.config = GenerateConfig(max_tokens=int(target_tokens), temperature=1.0)
    evaluate(
        task,
        model=get_model("openai-api/bench/bench-target"),
        log_dir=logs,
        display="none",
        max_samples=len(samples),
        fail_on_error=False,
    )


main()
