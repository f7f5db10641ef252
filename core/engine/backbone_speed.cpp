#include "core/engine/backbone_speed.h"

#include "core/base/progress.h"
#include "core/engine/trunk.h"
#include "core/neural/devices.h"

#include <chrono>
#include <cstdint>
#include <vector>

namespace graft::engine {

double backboneSpeed(const std::string& weights, std::stop_token stop)
{
    using Clock = std::chrono::steady_clock;
    constexpr double enough = 1.0; // seconds
    constexpr std::size_t batchSize = 8; // pictures
    wakeTensorLibrary();
    const Trunk trunk = loadTrunk(weights);
    const auto side = static_cast<std::size_t>(trunk.preprocess.crop);
    // Grey is as much work as anything else.
    const std::vector<std::uint8_t> pixels(batchSize * side * side * 3, 128);
    const neural::Batch batch {pixels, static_cast<int>(batchSize)};
    neural::Interpreter network = answering(trunk.graph, trunk.weights, neural::chooseDevice("auto").id);
    const std::string stage(trunk.spec->lastStage);
    network.pooled(batch, stage); // the first time makes room
    const auto start = Clock::now();
    double seconds = 0.0;
    for (double pictures = batchSize;; pictures += batchSize) {
        if (stop.stop_requested())
            throw Stopped();
        network.pooled(batch, stage);
        seconds = std::chrono::duration<double>(Clock::now() - start).count();
        if (seconds >= enough)
            return pictures / seconds;
    }
}

} // namespace graft::engine
