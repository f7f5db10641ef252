#include "core/engine/precision.h"

#include "core/engine/picture_batches.h"
#include "core/network/fold.h"
#include "core/neural/probe.h"

#include <algorithm>

namespace graft::engine {

namespace {

constexpr std::size_t worthMeasuring = 500; // pictures: below that the second it takes is not won back

} // namespace

std::optional<neural::Precision> precisionOf(const std::string& wanted)
{
    if (wanted == "auto")
        return {};
    return neural::precisionNamed(wanted);
}

Chosen choosePrecision(const Trunk& trunk, const std::string& stage, const std::string& wanted,
                       const std::vector<std::filesystem::path>& files, const std::string& device)
{
    if (const auto named = precisionOf(wanted))
        return *named == neural::Precision::Float32 ? Chosen {}
                                                    : Chosen {.precision = *named, .folded = false};
    if (device != "cpu" || files.size() < worthMeasuring)
        return {};
    wakeTensorLibrary();
    constexpr std::size_t wide = 16; // pictures, spread over the whole set
    std::vector<std::filesystem::path> some;
    for (std::size_t i = 0; i < wide; ++i)
        some.push_back(files[i * files.size() / wide]);
    Chosen chosen;
    forEachBatch(some, plainPictures(trunk.preprocess), {}, {}, {},
                 [&](std::span<const std::size_t>, const neural::Batch& batch) {
                     const auto probe = neural::probePrecision(trunk.graph, trunk.weights, batch, stage);
                     chosen = {probe.chosen, probe.folded};
                 });
    return chosen;
}

neural::Interpreter interpreter(const Trunk& trunk, const Chosen& chosen, const std::string& device)
{
    wakeTensorLibrary();
    if (chosen.folded && chosen.precision == neural::Precision::Float32)
        return answering(trunk.graph, trunk.weights, device);
    const neural::Options options {.precision = chosen.precision, .device = device};
    if (!chosen.folded)
        return {trunk.graph, trunk.weights, options};
    const network::WeightedGraph folded = network::foldBatchNorm(trunk.graph, trunk.weights);
    return {folded.graph, folded.weights, options};
}

} // namespace graft::engine
