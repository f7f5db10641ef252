#pragma once
#include "core/learn/plan.h"

#include <string>
#include <string_view>

namespace graft::learn {

// The JSON of plans, results and events, for run folders, the project's database and model files. One line,
// keys in snake_case, ASCII only; bytes that are no UTF-8 become U+FFFD. Reading: a key that is missing keeps
// its default, an unknown key is passed over; malformed text, a wrong type or a number out of range throws
// Error that names the key.

std::string toJson(const Plan& plan);
Plan planFromJson(std::string_view text);

std::string toJson(const RunResult& result);
RunResult runResultFromJson(std::string_view text);

/// A list of rows, [[5, 0], [1, 4]].
std::string toJson(const ConfusionMatrix& matrix);
ConfusionMatrix confusionMatrixFromJson(std::string_view text);

/// A line of events.jsonl: {"event": "epoch_done", ...}; the event's name is its type's in snake_case.
std::string toJson(const TrainEvent& event);

} // namespace graft::learn
