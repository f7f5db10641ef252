#include "core/base/error.h"
#include "core/network/backbone.h"
#include "core/neural/devices.h"
#include "core/neural/probe.h"
#include "core/neural/training_probe.h"
#include "tests/neural/expect.h"

#include <filesystem>

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
    expect(std::filesystem::is_directory(backend.folder), "LibTorch is in " + backend.folder);
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

/// Two real steps at a size at which they take a moment.
void trainingProbeChoosesWhatItSaw()
{
    const auto graph = network::backbone("efficientnet-lite0").build({.inputSize = 96, .classes = 3});
    const auto weights = network::randomWeights(graph, 2);
    const auto pixels = noise(4 * 96 * 96 * 3);
    const std::vector<std::int64_t> labels {0, 1, 2, 0};
    const auto probe =
        neural::probeTraining(graph, weights, {pixels, 4}, labels, {}, neural::Precision::BFloat16);
    expect(probe.float32PicturesPerSecond > 0.0 && probe.roundedPicturesPerSecond > 0.0,
           std::to_string(probe.float32PicturesPerSecond) + " pictures/s trained in float32, "
               + std::to_string(probe.roundedPicturesPerSecond) + " in bfloat16");
    expect(probe.cosine > 0.5 && probe.cosine < 1.0,
           "bfloat16 learns in about the same direction: cosine " + std::to_string(probe.cosine));
    expect(probe.lossDifference > 0.0 && probe.lossDifference < 0.2,
           "  of about the same loss: " + std::to_string(probe.lossDifference));
    const bool better = probe.roundedPicturesPerSecond >= 1.1 * probe.float32PicturesPerSecond
        && probe.cosine >= 0.95 && probe.lossDifference <= 0.02;
    expect((probe.chosen == neural::Precision::BFloat16) == better,
           "bfloat16 where, and only where, it is better to train with");
    const auto none =
        neural::probeTraining(graph, weights, {pixels, 4}, labels, {}, neural::Precision::Float32);
    expect(none.chosen == neural::Precision::Float32 && none.roundedPicturesPerSecond == 0.0,
           "nothing is tried where there is nothing shorter");
    expect(neural::shortNumbersOf("cpu") != neural::Precision::Float16, "half precision is not for the CPU");
}

void precisionsHaveNames()
{
    for (const auto precision :
         {neural::Precision::Float32, neural::Precision::BFloat16, neural::Precision::Float16})
        expect(neural::precisionNamed(neural::idOf(precision)) == precision,
               "named " + std::string(neural::idOf(precision)));
    expectThrow<Error>([] { neural::precisionNamed("half"); }, "no precision 'half'");
}

} // namespace

int main()
{
    devicesAreChosen();
    backendIsMeasured();
    probeChoosesWhatItSaw();
    trainingProbeChoosesWhatItSaw();
    precisionsHaveNames();
    return failures == 0 ? 0 : 1;
}
