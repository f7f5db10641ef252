#include "core/base/error.h"
#include "core/network/backbone.h"
#include "core/neural/devices.h"
#include "core/neural/probe.h"
#include "tests/neural/expect.h"

using namespace graft;
using namespace graft::test;

namespace {

void devicesAreChosen()
{
    neural::useThreads(1);
    expect(neural::chooseDevice("cpu").title == "CPU, 1 thread", "the CPU is there");
    neural::useThreads(2);
    expect(neural::chooseDevice("cpu").title == "CPU, 2 threads", "it says how many threads it uses");
    expect(neural::chooseDevice("cpu").why.empty(), "who asks for it gets no excuse");

    const neural::Device best = neural::chooseDevice("auto");
    expect(best.id == "cpu" ? best.why.ends_with('.') : best.id == "cuda:0" && best.why.empty(),
           "auto is the graphics card, or a sentence why not: " + best.id + ", " + best.title + ". "
               + best.why);
    for (const std::string& id : devices())
        expect(!neural::chooseDevice(id).title.empty(), "the device under test is there: " + id);
    for (const char* wrong : {"", "gpu", "cuda:", "cuda:x", "cuda:-1", "cuda:999999", "cuda:99"})
        expectThrow<Error>([&] { neural::chooseDevice(wrong); }, std::string("no device '") + wrong + "'");
}

void backendIsMeasured()
{
    const neural::Backend backend = neural::inspectBackend();
    expect(!backend.torchVersion.empty() && !backend.blas.empty(),
           backend.torchVersion + ", " + backend.blas);
    expect(backend.gigaflops > 0.1 && backend.gigaflops < 1e5,
           std::to_string(backend.gigaflops) + " GFLOP/s of matrix product");
    expect(backend.fastBlas == (backend.gigaflops >= 15.0), "fast is what was measured");
    expect(backend.threads == 2, "threads as set");
}

void probeChoosesWhatItSaw()
{
    const auto graph = network::backbone("efficientnet-lite0").build({.inputSize = 96});
    const auto weights = network::randomWeights(graph, 2);
    const auto pixels = noise(16 * 96 * 96 * 3);
    const auto probe = neural::probePrecision(graph, weights, {pixels, 16}, "head");
    expect(probe.float32PicturesPerSecond > 0.0,
           std::to_string(probe.float32PicturesPerSecond) + " pictures/s in float32");
    const bool tried = probe.bfloat16PicturesPerSecond > 0.0;
    if (tried) {
        expect(probe.agreement >= 0.0 && probe.agreement <= 1.0, "agreement is a share");
        expect(probe.cosine > 0.5 && probe.cosine <= 1.0, "bfloat16 sees about the same as float32");
    }
    const bool better = tried && probe.bfloat16PicturesPerSecond >= 1.1 * probe.float32PicturesPerSecond
        && probe.agreement == 1.0 && probe.cosine >= 0.99;
    expect((probe.chosen == neural::Precision::BFloat16) == better,
           "bfloat16 where, and only where, it is better");
    expect(probe.folded || better, "float32 is folded");
    const auto one =
        neural::probePrecision(graph, weights, {std::span(pixels).first(96 * 96 * 3), 1}, "block3");
    expect(one.float32PicturesPerSecond > 0.0, "one picture is enough");
}

} // namespace

int main()
{
    devicesAreChosen();
    backendIsMeasured();
    probeChoosesWhatItSaw();
    return failures == 0 ? 0 : 1;
}
