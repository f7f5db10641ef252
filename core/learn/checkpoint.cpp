#include "core/learn/checkpoint.h"

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/learn/json.h"
#include "core/network/weights/weights_file.h"

#include <charconv>
#include <map>

namespace graft::learn {

namespace {

using Metadata = std::map<std::string, std::string>;

constexpr std::string_view weightsPart = "weights:";
constexpr std::string_view optimizerPart = "optimizer:";
constexpr std::string_view bestPart = "best:";

void put(network::TensorMap& all, std::string_view part, const network::TensorMap& tensors)
{
    for (const auto& [name, tensor] : tensors)
        all.emplace(std::string(part) + name, tensor);
}

/// Shortest text that reads back to the same bits; infinity too.
template <typename Number>
std::string text(Number number)
{
    char buffer[64];
    return {buffer, std::to_chars(buffer, buffer + sizeof buffer, number).ptr};
}

template <typename Number>
Number number(const Metadata& metadata, const std::string& key)
{
    Number value {};
    const auto found = metadata.find(key);
    if (found == metadata.end())
        throw Error(key, "is missing", "Train again.");
    const std::string& digits = found->second;
    const auto end = digits.data() + digits.size();
    if (const auto read = std::from_chars(digits.data(), end, value);
        read.ec != std::errc() || read.ptr != end)
        throw Error(key, "is no number", "Train again.");
    return value;
}

Checkpoint readFrom(network::SafetensorsFile content)
{
    Checkpoint now;
    for (auto& [name, tensor] : content.tensors) {
        const std::string_view view = name;
        if (view.starts_with(weightsPart))
            now.trainer.weights.emplace(view.substr(weightsPart.size()), std::move(tensor));
        else if (view.starts_with(optimizerPart))
            now.trainer.optimizer.emplace(view.substr(optimizerPart.size()), std::move(tensor));
        else if (view.starts_with(bestPart))
            now.best.emplace(view.substr(bestPart.size()), std::move(tensor));
    }
    const Metadata& metadata = content.metadata;
    now.trainer.updates = number<std::int64_t>(metadata, "updates");
    now.bestEpoch = number<int>(metadata, "best_epoch");
    now.parts = number<int>(metadata, "parts");
    now.early.patience = number<int>(metadata, "patience");
    now.early.stale = number<int>(metadata, "stale");
    now.early.bestLoss = number<double>(metadata, "best_loss");
    if (const auto result = metadata.find("result"); result != metadata.end())
        now.history = runResultFromJson(result->second).history;
    if (const auto precision = metadata.find("precision");
        precision != metadata.end()) // older ones have none
        now.precision = neural::precisionNamed(precision->second);
    if (now.parts < 1 || now.bestEpoch < 0 || now.bestEpoch > static_cast<int>(now.history.size()))
        throw Error("counters", "contradict each other", "Train again.");
    return now;
}

} // namespace

void saveCheckpoint(const std::filesystem::path& file, const Checkpoint& checkpoint,
                    const std::string& pictures)
{
    network::TensorMap all;
    put(all, weightsPart, checkpoint.trainer.weights);
    put(all, optimizerPart, checkpoint.trainer.optimizer);
    put(all, bestPart, checkpoint.best);
    RunResult result;
    result.history = checkpoint.history;
    network::writeSafetensors(file, all,
                              {{"updates", text(checkpoint.trainer.updates)},
                               {"best_epoch", text(checkpoint.bestEpoch)},
                               {"parts", text(checkpoint.parts)},
                               {"precision", std::string(neural::idOf(checkpoint.precision))},
                               {"patience", text(checkpoint.early.patience)},
                               {"stale", text(checkpoint.early.stale)},
                               {"best_loss", text(checkpoint.early.bestLoss)},
                               {"result", toJson(result)},
                               {"pictures", pictures}});
}

Checkpoint loadCheckpoint(const std::filesystem::path& file, const std::string& pictures)
{
    network::SafetensorsFile content = network::readSafetensors(readFile(file), file.string());
    if (content.metadata["pictures"] != pictures)
        throw Error(file.string(), "was made from other pictures than the project has now",
                    "Start a new training.");
    try {
        return readFrom(std::move(content));
    } catch (const Error& error) {
        throw Error(file.string(), "cannot be continued: " + error.subject() + " " + error.happened(),
                    "Start a new training; finished models are not touched.");
    }
}

} // namespace graft::learn
