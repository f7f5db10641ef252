#include "app/cli/command.h"
#include "app/cli/json.h"
#include "app/cli/text.h"
#include "core/network/backbone.h"

#include <array>
#include <charconv>
#include <cstdlib>

namespace graft::cli {

namespace {

/// Numbers that are learned; the measured ones of batch norm are not counted, as is usual.
std::int64_t learnedNumbers(const network::Graph& graph)
{
    std::int64_t sum = 0;
    for (const network::Parameter& parameter : network::parameters(graph)) {
        std::int64_t count = 1;
        for (const std::int64_t size : parameter.shape)
            count *= size;
        if (parameter.role == network::Role::Weight || parameter.role == network::Role::Bias)
            sum += count;
    }
    return sum;
}

/// The shortest decimals that are these float32 numbers: 0.49803922 instead of 0.49803921580314636.
Json shortest(const std::array<float, 3>& values)
{
    Json list = Json::array();
    for (const float value : values) {
        std::array<char, 32> text {};
        std::to_chars(text.data(), text.data() + text.size(), value);
        list.push_back(std::strtod(text.data(), nullptr));
    }
    return list;
}

Json preprocessJson(const PreprocessSpec& spec)
{
    return {{"resize", spec.resize},
            {"crop", spec.crop},
            {"mean", shortest(spec.mean)},
            {"std", shortest(spec.std)},
            {"interpolation", spec.interpolation == Interpolation::Bicubic ? "bicubic" : "bilinear"}};
}

Answer listBackbones(Work&)
{
    Json list = Json::array();
    Table table({"id", "name", ">input", ">parameters", ">multiply-adds", "weights"});
    std::string stages;
    for (const network::BackboneSpec& spec : network::backbones()) {
        const network::Graph graph = spec.build({spec.preprocess.crop, 1000});
        const std::int64_t numbers = learnedNumbers(graph);
        const std::int64_t operations = network::multiplyAdds(graph);
        const std::string state = engine::id(engine::weightsStatus(std::string(spec.id), false).state);
        Json names = Json::array();
        stages +=
            "\n" + std::string(spec.title) + ". " + std::string(spec.sentence) + "\n  Stages for --cut:";
        for (const network::Stage& stage : graph.stages) {
            names.push_back(stage.name);
            stages += " " + stage.name;
        }
        stages += "\n";
        list.push_back({{"id", spec.id},
                        {"title", spec.title},
                        {"sentence", spec.sentence},
                        {"input_size", spec.preprocess.crop},
                        {"preprocess", preprocessJson(spec.preprocess)},
                        {"stages", std::move(names)},
                        {"last_stage", spec.lastStage},
                        {"parameters", numbers},
                        {"multiply_adds", operations},
                        {"weights", state}});
        table.add({std::string(spec.id), std::string(spec.title),
                   std::to_string(spec.preprocess.crop) + " px", grouped(numbers), grouped(operations),
                   state});
    }
    return {dump({{"backbones", std::move(list)}}), table.text() + stages, Done, {}, {}};
}

} // namespace

Action prepareBackbones(CLI::App&)
{
    return listBackbones;
}

} // namespace graft::cli
