// The pretrained network against timm's, on the pictures of reference.py.
#include "core/network/backbone.h"
#include "core/network/fold.h"
#include "core/network/weights/weights_file.h"
#include "core/neural/interpreter.h"
#include "tests/neural/expect.h"
#include "tests/neural/reference.h"

#include <filesystem>

using namespace graft;
using namespace graft::test;
namespace fs = std::filesystem;

namespace {

constexpr int skipped = 77; ///< exit status that ctest shows as 'skipped'
constexpr int pictures = 5;
constexpr int side = 224;

/// Where set-up leaves the weights.
fs::path weightsFile()
{
    const auto environment = [](const char* name) {
        return std::string(std::getenv(name) != nullptr ? std::getenv(name) : "");
    };
    if (const auto named = environment("GRAFT_TEST_WEIGHTS"); !named.empty())
        return named;
    const auto data = environment("XDG_DATA_HOME");
    return (data.empty() ? fs::path(environment("HOME")) / ".local/share" : fs::path(data))
        / "graft/weights/efficientnet-lite0.pth";
}

std::vector<float> row(const std::vector<float>& all, int index)
{
    const auto columns = static_cast<std::ptrdiff_t>(all.size()) / pictures;
    return {all.begin() + index * columns, all.begin() + (index + 1) * columns};
}

void compare(const std::string& title, neural::Interpreter network, const network::TensorMap& reference)
{
    const auto pixels = referencePixels(pictures, side);
    const neural::Batch batch {pixels, pictures};
    for (const auto& [name, expected] : reference) {
        const bool logits = name == "logits";
        const auto ours = logits ? network.run(batch) : network.pooled(batch, name);
        expect(ours.size() == expected.values.size(), title + ": " + name);
        double worst = 0.0;
        for (int i = 0; i < pictures && ours.size() == expected.values.size(); ++i)
            worst = std::max(worst, largestDifference(row(ours, i), row(expected.values, i)));
        char text[64];
        std::snprintf(text, sizeof text, "  differs by %.1e of the largest number", worst);
        expect(worst < (logits ? 1e-4 : 1e-3), text);
    }
}

} // namespace

int main()
{
    const fs::path file = weightsFile();
    if (!fs::exists(file)) {
        std::printf("SKIP   : needs the pretrained weights, which set-up fetches: %s\n", file.c_str());
        return skipped;
    }
    const auto reference = network::readWeights(fs::path(GRAFT_SOURCE_DIR)
                                                / "tests/neural/efficientnet-lite0-reference.safetensors");
    expect(reference.size() == 9, "the reference holds the logits and eight stages");
    const auto graph = network::backbone("efficientnet-lite0").build({});
    const auto weights = network::readWeights(file);
    const auto folded = network::foldBatchNorm(graph, weights);
    for (const std::string& device : devices()) {
        compare(device + ", as trained",
                neural::Interpreter(graph, weights, {.channelsLast = false, .device = device}), reference);
        compare(device + ", folded", neural::Interpreter(folded.graph, folded.weights, {.device = device}),
                reference);
    }
    return failures == 0 ? 0 : 1;
}
