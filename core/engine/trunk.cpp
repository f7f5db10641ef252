#include "core/engine/trunk.h"

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/parallel.h"
#include "core/engine/weights_store.h"
#include "core/network/cut.h"
#include "core/network/fold.h"
#include "core/network/weights/weights_file.h"
#include "core/neural/devices.h"

#include <mutex>

namespace graft::engine {

namespace {

/// Throws WeightsNeeded unless they can be read.
void requireUsable(const WeightsStatus& status)
{
    if (status.state == WeightsState::Missing)
        throw WeightsNeeded(status.title, "its weights are not on this computer yet",
                            "Get them with: graft-cli weights fetch " + status.id
                                + ", or bring the file and use: graft-cli weights import " + status.id
                                + " FILE");
    if (status.state == WeightsState::Damaged)
        throw WeightsNeeded(status.file.string(), "the weights of " + status.title + " are damaged",
                            "Your pictures and models are safe. Get the weights again: in the window under "
                            "Train > Network weights, "
                            "or with: graft-cli weights fetch "
                                + status.id); // runs keep this sentence, and both front ends show it
}

} // namespace

void requireWeights(const std::string& id)
{
    const WeightsStatus status = statusOf(chosenEntry(id), false);
    if (status.state == WeightsState::Missing)
        requireUsable(status);
}

Trunk emptyTrunk(const std::string& id)
{
    Trunk trunk;
    trunk.spec = &network::backbone(network::backboneOfWeights(id));
    const network::WeightsEntry& entry = chosenEntry(id);
    trunk.weightsId = entry.id;
    trunk.preprocess = entry.preprocess;
    trunk.graph = trunk.spec->build({.inputSize = trunk.preprocess.crop});
    return trunk;
}

Trunk loadTrunk(const std::string& id)
{
    Trunk trunk = emptyTrunk(id);
    const WeightsStatus status = statusOf(chosenEntry(id), true);
    requireUsable(status);
    trunk.weights = network::readWeights(status.file, *trunk.spec);
    trunk.weightsSha256 = status.sha256;
    trunk.licence = status.licence;
    return trunk;
}

void poolStages(Trunk& trunk, const std::string& pooling)
{
    const network::Pooling how = network::poolingNamed(pooling);
    if (how != network::Pooling::Average) // the mean is what features are anyway
        trunk.graph = network::withPooledStages(trunk.graph, how);
}

void wakeTensorLibrary()
{
    static std::once_flag once;
    std::call_once(once, [] { neural::useThreads(usableProcessors()); });
}

neural::Interpreter answering(const network::Graph& graph, const network::TensorMap& weights,
                              const std::string& device)
{
    wakeTensorLibrary();
    const network::WeightedGraph folded = network::foldBatchNorm(graph, weights);
    return {folded.graph, folded.weights, {.device = device}};
}

} // namespace graft::engine
