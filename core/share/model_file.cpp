#include "core/share/model_file.h"

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/learn/json.h"
#include "core/network/weights/weights_file.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

namespace graft::share {

using nlohmann::json;

namespace {

constexpr int formatVersion = 1;
constexpr auto cardKey = "graft"; // in the metadata of the file
constexpr auto selfCheckName = "graft.self_check";
constexpr std::int64_t selfCheckPictures = 5;
constexpr std::size_t mostClasses = 100'000;
constexpr int largestInput = 4096; // pixels; a larger one would only exhaust the memory
constexpr std::uint64_t largestFile = std::uint64_t {4}
    << 30U; // bytes; the largest backbone takes about 0.6 GB

/// What is wrong with a card or a tensor; the caller knows the file.
struct Misfit {
    std::string happened;
};

const char* word(Interpolation interpolation)
{
    return interpolation == Interpolation::Bilinear ? "bilinear" : "bicubic";
}

json toJson(const PreprocessSpec& spec)
{
    return {{"resize", spec.resize},
            {"crop", spec.crop},
            {"interpolation", word(spec.interpolation)},
            {"mean", spec.mean},
            {"std", spec.std}};
}

std::string toJson(const ModelCard& card)
{
    const json object = {{"format", formatVersion},
                         {"title", card.title},
                         {"classes", card.classes},
                         {"backbone", card.backbone},
                         {"cut", card.cut},
                         {"preprocess", toJson(card.preprocess)},
                         {"plan", json::parse(learn::toJson(card.plan))},
                         {"validation", json::parse(learn::toJson(card.validation))},
                         {"test", json::parse(learn::toJson(card.test))},
                         {"cross_validation", json::parse(learn::toJson(card.crossValidation))},
                         {"training_pictures", card.trainingPictures},
                         {"data_fingerprint", card.dataFingerprint},
                         {"weights_sha256", card.weightsSha256},
                         {"weights_licence", card.weightsLicence},
                         {"created", card.created},
                         {"program", card.program}};
    return object.dump(-1, ' ', true, json::error_handler_t::replace);
}

const json& member(const json& object, const char* key, json::value_t type)
{
    const auto found = object.find(key);
    if (found == object.end() || found->type() != type)
        throw Misfit {std::string("has a model card without a proper '") + key + "'"};
    return *found;
}

std::string text(const json& object, const char* key)
{
    return member(object, key, json::value_t::string).get<std::string>();
}

int count(const json& object, const char* key, int most)
{
    const auto number = member(object, key, json::value_t::number_unsigned).get<std::uint64_t>();
    if (number > static_cast<std::uint64_t>(most))
        throw Misfit {std::string("has a model card with an impossible '") + key + "'"};
    return static_cast<int>(number);
}

std::array<float, 3> colours(const json& object, const char* key)
{
    const json& list = member(object, key, json::value_t::array);
    std::array<float, 3> values {};
    if (list.size() != values.size()
        || !std::ranges::all_of(list, [](const json& v) { return v.is_number(); }))
        throw Misfit {std::string("has a model card without a proper '") + key + "'"};
    for (std::size_t i = 0; i < values.size(); ++i)
        values[i] = list[i].get<float>();
    return values;
}

PreprocessSpec preprocessFromJson(const json& object)
{
    PreprocessSpec spec;
    spec.resize = count(object, "resize", largestInput);
    spec.crop = count(object, "crop", largestInput);
    const std::string interpolation = text(object, "interpolation");
    if (interpolation == word(Interpolation::Bilinear))
        spec.interpolation = Interpolation::Bilinear;
    else if (interpolation != word(Interpolation::Bicubic))
        throw Misfit {"wants pictures resized by '" + interpolation + "', which this program does not know"};
    spec.mean = colours(object, "mean");
    spec.std = colours(object, "std");
    return spec;
}

ModelCard cardFromJson(const std::string& metadata)
{
    const json object = json::parse(metadata, nullptr, false);
    if (!object.is_object())
        throw Misfit {"has a model card that cannot be read"};
    const int format = count(object, "format", 1'000'000);
    if (format > formatVersion)
        throw Misfit {"was made by a newer Graft (model format " + std::to_string(format)
                      + ", this program knows " + std::to_string(formatVersion) + ")"};
    ModelCard card;
    card.title = text(object, "title");
    for (const json& name : member(object, "classes", json::value_t::array)) {
        if (!name.is_string())
            throw Misfit {"has a model card without proper 'classes'"};
        card.classes.push_back(name.get<std::string>());
    }
    card.backbone = text(object, "backbone");
    card.cut = text(object, "cut");
    card.preprocess = preprocessFromJson(member(object, "preprocess", json::value_t::object));
    card.plan = learn::planFromJson(member(object, "plan", json::value_t::object).dump());
    card.validation =
        learn::confusionMatrixFromJson(member(object, "validation", json::value_t::array).dump());
    card.test = learn::confusionMatrixFromJson(member(object, "test", json::value_t::array).dump());
    if (object.contains("cross_validation")) // models of before have none
        card.crossValidation =
            learn::confusionMatrixFromJson(member(object, "cross_validation", json::value_t::array).dump());
    card.trainingPictures = count(object, "training_pictures", std::numeric_limits<int>::max());
    card.dataFingerprint = text(object, "data_fingerprint");
    card.weightsSha256 = text(object, "weights_sha256");
    card.weightsLicence = text(object, "weights_licence");
    card.created = text(object, "created");
    card.program = text(object, "program");
    return card;
}

bool finite(std::span<const float> values)
{
    return std::ranges::all_of(values, [](float value) { return std::isfinite(value); });
}

void requireUsable(const PreprocessSpec& spec)
{
    const bool sizes = spec.crop >= 1 && spec.crop <= largestInput && spec.resize >= spec.crop
        && spec.resize <= largestInput;
    const bool scales = std::ranges::all_of(spec.std, [](float value) { return value > 0.0F; });
    if (!sizes || !scales || !finite(spec.mean) || !finite(spec.std))
        throw Misfit {"asks for pictures in a form that is impossible"};
}

/// The tensors that make logits of features; see learn::RbfMachine for those of a kernel.
void requireClassifier(const Model& model)
{
    const auto classes = static_cast<std::int64_t>(model.card.classes.size());
    const learn::Plan& plan = model.card.plan;
    const bool kernel = plan.strategy == "svm" && plan.kernel == "rbf";
    const auto weight = model.weights.find(kernel ? "graft_head.coefficients" : "graft_head.weight");
    const auto bias = model.weights.find("graft_head.bias");
    if (weight == model.weights.end() || bias == model.weights.end())
        throw Misfit {"has no classifier ('graft_head')"};
    if (weight->second.shape.size() != 2 || weight->second.shape[0] != classes
        || bias->second.shape != std::vector<std::int64_t> {classes})
        throw Misfit {"names " + std::to_string(classes) + " classes, but its classifier has another number"};
}

/// What holds of every model, when it is saved as when it is loaded.
void requireUsable(const Model& model)
{
    const std::size_t classes = model.card.classes.size();
    if (classes < 2 || classes > mostClasses)
        throw Misfit {"names " + std::to_string(classes) + " classes"};
    requireUsable(model.card.preprocess);
    requireClassifier(model);
    for (const ConfusionMatrix* matrix :
         {&model.card.validation, &model.card.test, &model.card.crossValidation})
        if (matrix->classes() != 0 && matrix->classes() != static_cast<int>(classes))
            throw Misfit {"has a confusion matrix for another number of classes"};
    for (const auto& [name, tensor] : model.weights)
        if (!finite(tensor.values))
            throw Misfit {"holds numbers in '" + name + "' that are not finite"};
    if (model.selfCheck.size() != static_cast<std::size_t>(selfCheckPictures) * classes
        || !finite(model.selfCheck))
        throw Misfit {"has no proper self-check"};
}

} // namespace

void saveModel(const std::filesystem::path& file, const Model& model)
{
    network::TensorMap tensors = model.weights;
    try {
        requireUsable(model);
    } catch (const Misfit& misfit) {
        throw Error(file.string(), "was not written, because this model " + misfit.happened,
                    "Train it again.");
    }
    tensors[selfCheckName] = {{selfCheckPictures, static_cast<std::int64_t>(model.card.classes.size())},
                              model.selfCheck};
    network::writeSafetensors(file, tensors, {{cardKey, toJson(model.card)}, {"format", "pt"}});
}

Model loadModel(const std::filesystem::path& file)
{
    network::SafetensorsFile content = network::readSafetensors(readFile(file, largestFile), file.string());
    const auto card = content.metadata.find(cardKey);
    if (card == content.metadata.end())
        throw Error(
            file.string(), "is no model of Graft: it has no model card",
            "Choose a model that Graft has trained, such as runs/run-1/model.safetensors in a project.");
    try {
        Model model;
        model.card = cardFromJson(card->second);
        if (const auto check = content.tensors.find(selfCheckName); check != content.tensors.end()) {
            model.selfCheck = std::move(check->second.values);
            content.tensors.erase(check);
        }
        model.weights = std::move(content.tensors);
        requireUsable(model);
        return model;
    } catch (const Misfit& misfit) {
        throw Error(file.string(), misfit.happened,
                    "Use another copy of this model, update Graft, or train the model again.");
    } catch (const Error& error) { // of the plan or a matrix in the card
        throw Error(file.string(), "has a damaged model card: " + error.subject() + " " + error.happened(),
                    "Use another copy of this model, or train it again.");
    }
}

} // namespace graft::share
