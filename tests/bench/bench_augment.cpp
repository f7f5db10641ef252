// Augmented pictures per second, from decoded pictures at training size.
//
//     bench_augment FOLDER             of every op (with its initial settings, on every picture) and every
//     preset.
//                                      Best of several rounds, in which all take turns, so that the figures
//                                      of one run can be compared on a busy machine; those of two runs cannot
//     bench_augment --serve FILE SIDE  answers augment_peers.py, which asks in turn with its own
//     measurements.
//                                      FILE holds square pictures of that side, 8-bit RGB and nothing else.
//         rate THREADS SECONDS RECIPE  pictures per second, in one line; RECIPE as readRecipe() takes it
//         steps OP NUMBERS...          the bytes of all pictures after that op with these drawn numbers;
//         several
//                                      ops are parted by a comma that stands alone
#include "core/augment/pipeline.h"
#include "core/base/parallel.h"
#include "core/imaging/decode.h"
#include "core/imaging/resize.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <sstream>
#include <thread>

using namespace graft;

namespace {

constexpr std::size_t pictures = 64;
constexpr int rounds = 7;
constexpr double enough = 0.02; ///< seconds of a measurement

struct Way {
    std::string title;
    augment::Recipe recipe;
    double best = 0.0; ///< pictures per second
};

std::vector<Way> ways()
{
    std::vector<Way> all;
    for (const augment::Preset& preset : augment::presets())
        all.push_back({"preset " + std::string(preset.id), preset.recipe});
    for (const augment::OpSpec& op : augment::ops()) {
        augment::Recipe recipe;
        recipe.steps = {augment::initialStep(op.id)};
        all.push_back({std::string(op.id), recipe});
    }
    return all;
}

std::vector<Image> decoded(const std::filesystem::path& folder)
{
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder))
        if (entry.is_regular_file())
            files.push_back(entry.path());
    std::ranges::sort(files);
    std::vector<Image> images;
    for (const auto& file : files) {
        if (images.size() == pictures)
            break;
        try {
            images.push_back(imaging::decodeFile(file));
        } catch (const PictureError&) {
            continue; // folders of photos hold lists and licences too
        }
    }
    return images;
}

/// Pictures per second. Each thread takes all pictures in turn and writes them to one place.
double rate(const augment::Pipeline& pipeline, const std::vector<Image>& sources, int threads, double seconds)
{
    using Clock = std::chrono::steady_clock;
    std::vector<double> rates(static_cast<std::size_t>(threads));
    parallelFor(rates.size(), threads, {}, [&](std::size_t thread) {
        Image out = pipeline.apply(sources[0], {.seed = 2});
        std::size_t done = 0;
        std::chrono::duration<double> spent {};
        const auto start = Clock::now();
        for (std::uint32_t copy = 0; spent.count() < seconds; ++copy) {
            for (std::size_t i = 0; i < sources.size(); ++i)
                pipeline.apply(sources[i],
                               {.seed = 1 + thread, .sample = static_cast<std::uint32_t>(i), .copy = copy},
                               out.rgb);
            done += sources.size();
            spent = Clock::now() - start;
        }
        rates[thread] = static_cast<double>(done) / spent.count();
    });
    double sum = 0.0;
    for (const double one : rates)
        sum += one;
    return sum;
}

void measure(const std::vector<Image>& images, int size, int threads)
{
    const PreprocessSpec spec {.resize = size * 8 / 7, .crop = size};
    std::vector<Image> sources(images.size());
    parallelFor(images.size(), usableProcessors(), {},
                [&](std::size_t i) { sources[i] = imaging::withSurroundings(images[i], spec); });
    std::vector<Way> all = ways();
    std::vector<augment::Pipeline> pipelines;
    for (const Way& way : all)
        pipelines.emplace_back(way.recipe, augment::Size {size, size});
    for (int round = 0; round < rounds; ++round)
        for (std::size_t i = 0; i < all.size(); ++i)
            all[i].best = std::max(all[i].best, rate(pipelines[i], sources, threads, enough));
    std::printf("\n%d pixels, %d thread%s\n", size, threads, threads == 1 ? "" : "s");
    for (const Way& way : all)
        std::printf("%-24s %10.0f pictures/s %8.3f ms each\n", way.title.c_str(), way.best,
                    1000.0 / way.best);
}

int measureAll(const char* folder)
{
    const std::vector<Image> images = decoded(folder);
    if (images.empty()) {
        std::fprintf(stderr, "There is no picture in that folder.\n");
        return 1;
    }
    for (const int size : {224, 512})
        for (const int threads : {1, usableProcessors()})
            measure(images, size, threads);
    return 0;
}

std::vector<Image> readSquares(const char* file, int side)
{
    std::ifstream in(file, std::ios::binary);
    std::vector<Image> images;
    Image image {side, side, {}};
    image.rgb.resize(static_cast<std::size_t>(side) * static_cast<std::size_t>(side) * 3);
    while (in.read(reinterpret_cast<char*>(image.rgb.data()), std::ssize(image.rgb))) // NOLINT: bytes
        images.push_back(image);
    return images;
}

std::vector<augment::DrawnStep> readSteps(std::istream& words)
{
    std::vector<augment::DrawnStep> steps;
    std::string id;
    while (words >> id) {
        if (id == ",")
            continue;
        std::array<double, 8> numbers {};
        for (double& number : numbers)
            if (!(words >> number))
                break;
        words.clear();
        const auto& [a, b, c, d, e, f, g, h] = numbers;
        steps.push_back({steps.size(), augment::findOp(id), {a, b, c, d, e, f, g, h}});
    }
    return steps;
}

int serve(const char* file, int side)
{
    const std::vector<Image> images = readSquares(file, side);
    std::string line;
    while (std::getline(std::cin, line)) {
        std::istringstream words(line);
        std::string verb;
        words >> verb;
        if (verb == "rate") {
            int threads = 1;
            double seconds = 0.0;
            std::string recipe;
            std::getline(words >> threads >> seconds >> std::ws, recipe);
            const augment::Pipeline pipeline(augment::readRecipe(recipe), {side, side});
            std::cout << rate(pipeline, images, threads, seconds) << std::endl;
        } else {
            const auto steps = readSteps(words);
            Image out = images.at(0);
            for (const Image& image : images) {
                augment::applySteps(image, steps, {}, {side, side}, out.rgb);
                std::cout.write(reinterpret_cast<const char*>(out.rgb.data()), std::ssize(out.rgb)); // NOLINT
            }
            std::cout.flush();
        }
    }
    return 0;
}

} // namespace

int main(int argc, char** argv)
{
    imaging::initialise();
    if (argc == 2)
        return measureAll(argv[1]);
    if (argc == 4 && std::string(argv[1]) == "--serve")
        return serve(argv[2], std::atoi(argv[3]));
    std::fprintf(stderr, "bench_augment FOLDER\n");
    return 2;
}
