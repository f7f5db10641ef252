#include "core/network/weights/weights_file.h"

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/network/cut.h"
#include "core/network/weights/pth.h"
#include "core/network/weights/recognise.h"

#include <optional>

namespace graft::network {

namespace {

Graph build(const BackboneSpec& spec, Auxiliary auxiliary, int classes = BuildOptions().classes)
{
    return spec.build(
        {.inputSize = spec.preprocess.crop, .classes = classes, .auxiliary = auxiliary == Auxiliary::Keep});
}

bool fits(const Graph& graph, const TensorMap& weights)
{
    try {
        requireMatch(graph, weights);
        return true;
    } catch (const Error&) {
        return false;
    }
}

/// Gives the tensors of another library our names. Some write a linear layer as a convolution of the same
/// numbers, so one that gets another name may get another shape as well.
void useOfficialNames(const BackboneSpec& spec, TensorMap& weights, const std::string& file)
{
    if (!spec.officialName)
        return;
    TensorMap renamed;
    for (auto at = weights.begin(); at != weights.end();) {
        std::string name = spec.officialName(at->first);
        const auto here = at++;
        if (name == here->first)
            continue;
        auto node = weights.extract(here);
        node.key() = std::move(name);
        if (!renamed.insert(std::move(node)).inserted)
            throw Error(file, "holds a tensor twice", "Fetch the file again.");
    }
    for (const Parameter& parameter :
         renamed.empty() ? std::vector<Parameter>() : parameters(build(spec, Auxiliary::Drop))) {
        const auto found = renamed.find(parameter.name);
        const bool sameNumbers = found != renamed.end()
            && static_cast<std::int64_t>(found->second.values.size()) == parameter.count()
            && found->second.shape.size() > parameter.shape.size()
            && found->second.shape[0] == parameter.shape[0];
        if (sameNumbers)
            found->second.shape = parameter.shape;
    }
    weights.merge(renamed);
    if (!renamed.empty())
        throw Error(file, "holds the tensor '" + renamed.begin()->first + "' twice", "Fetch the file again.");
}

/// Only the auxiliary head goes: whatever else is too much is a misfit.
void dropAuxiliary(const BackboneSpec& spec, TensorMap& weights)
{
    const Graph graph = build(spec, Auxiliary::Keep);
    if (graph.auxiliary < 0)
        return;
    const Graph needed = build(spec, Auxiliary::Drop);
    std::map<std::string, bool, std::less<>> isNeeded;
    for (const Parameter& parameter : parameters(graph))
        isNeeded[parameter.name] = false;
    for (const Parameter& parameter : parameters(needed))
        isNeeded[parameter.name] = true;
    for (const auto& [name, keeps] : isNeeded) {
        if (!keeps)
            weights.erase(name);
    }
}

/// The number of classes, where it is the only thing that differs.
std::optional<int> otherClasses(const BackboneSpec& spec, const TensorMap& weights, Auxiliary auxiliary)
{
    constexpr std::int64_t most = 1'000'000;
    const auto found = weights.find(build(spec, auxiliary).nodes.back().name + ".weight");
    if (found == weights.end() || found->second.shape.empty() || found->second.shape[0] < 1
        || found->second.shape[0] > most)
        return {};
    const int classes = static_cast<int>(found->second.shape[0]);
    return fits(build(spec, auxiliary, classes), weights) ? std::optional(classes) : std::nullopt;
}

/// Says what the file is, as closely as can be told.
[[noreturn]] void refuse(const std::string& file, const BackboneSpec& spec, const TensorMap& weights,
                         Auxiliary auxiliary, const Error& misfit)
{
    const std::string wanted(spec.title);
    if (const auto classes = otherClasses(spec, weights, auxiliary))
        throw Error(file,
                    "this is a " + wanted + " that was trained on for " + std::to_string(*classes)
                        + " classes of its own; the weights for ImageNet's "
                        + std::to_string(BuildOptions().classes) + " classes are needed",
                    "Choose the original file of " + wanted + ".");
    const std::string is(recogniseNetwork(weights));
    if (!is.empty() && is != wanted) {
        constexpr std::string_view spokenWithVowel = "AEIX";
        const bool vowel = spokenWithVowel.find(is.front()) != std::string_view::npos;
        throw Error(file,
                    "this is " + std::string(vowel ? "an " : "a ") + is + " file; " + wanted
                        + " weights are needed",
                    "Choose the file of " + wanted + ".");
    }
    throw Error(file, "the tensor '" + misfit.subject() + "' " + misfit.happened(), misfit.next());
}

} // namespace

TensorMap readWeights(const std::filesystem::path& file)
{
    return readWeights(readFile(file), file.string());
}

TensorMap readWeights(std::string_view bytes, const std::string& name)
{
    if (bytes.empty())
        throw Error(name, "is empty", "Fetch the file again.");
    if (bytes.starts_with("PK\3\4"))
        return readZipPth(bytes, name);
    if (bytes.starts_with(pth::legacyMagic))
        return readLegacyPth(bytes, name);
    constexpr std::size_t lengthField = 8;
    if (bytes.size() > lengthField && bytes[lengthField] == '{')
        return readSafetensors(bytes, name).tensors;
    throw Error(name, "is no weight file that Graft reads", "Choose a .pth or .safetensors file.");
}

TensorMap readWeights(const std::filesystem::path& file, const BackboneSpec& spec, Auxiliary auxiliary)
{
    return readWeights(readFile(file), file.string(), spec, auxiliary);
}

TensorMap readWeights(std::string_view bytes, const std::string& name, const BackboneSpec& spec,
                      Auxiliary auxiliary)
{
    return weightsFor(spec, readWeights(bytes, name), name, auxiliary);
}

TensorMap weightsFor(const BackboneSpec& spec, TensorMap weights, const std::string& name,
                     Auxiliary auxiliary)
{
    useOfficialNames(spec, weights, name);
    if (auxiliary == Auxiliary::Drop)
        dropAuxiliary(spec, weights);
    try {
        requireMatch(build(spec, auxiliary), weights, spec.title);
    } catch (const Error& misfit) {
        refuse(name, spec, weights, auxiliary, misfit);
    }
    return weights;
}

} // namespace graft::network
