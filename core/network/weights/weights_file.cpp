#include "core/network/weights/weights_file.h"

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/network/cut.h"
#include "core/network/weights/numbers.h"
#include "core/network/weights/printable.h"
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

bool fits(const Graph& graph, const Shapes& shapes)
{
    try {
        requireMatch(graph, shapes);
        return true;
    } catch (const Error&) {
        return false;
    }
}

/// The file's name of each tensor, by ours.
using FileNames = std::map<std::string, std::string>;

/// Throws Error where two of the file's tensors have one name of ours.
FileNames officialNames(const BackboneSpec& spec, const Shapes& shapes, const std::string& file)
{
    FileNames names;
    for (const auto& [theirs, shape] : shapes) {
        const std::string ours = spec.officialName ? spec.officialName(theirs) : theirs;
        if (!names.emplace(ours, theirs).second)
            throw Error(file, "holds the tensor '" + printable(ours) + "' twice", "Fetch the file again.");
    }
    return names;
}

/// The shapes by our names. Some libraries write a linear layer as a convolution of the same numbers, so a
/// tensor that gets another name may get another shape as well.
Shapes officialShapes(const BackboneSpec& spec, const Shapes& shapes, const FileNames& names)
{
    Shapes official;
    bool renamed = false;
    for (const auto& [ours, theirs] : names) {
        official.emplace_hint(official.end(), ours, shapes.at(theirs));
        renamed = renamed || ours != theirs;
    }
    if (!renamed)
        return official;
    for (const Parameter& parameter : parameters(build(spec, Auxiliary::Drop))) {
        const auto found = official.find(parameter.name);
        if (found == official.end() || names.at(parameter.name) == parameter.name)
            continue;
        std::vector<std::int64_t>& shape = found->second;
        const bool sameNumbers = shape.size() > parameter.shape.size()
            && countOf(shape, parameter.count()) == parameter.count() && shape[0] == parameter.shape[0];
        if (sameNumbers)
            shape = parameter.shape;
    }
    return official;
}

/// Only the auxiliary head goes: whatever else is too much is a misfit.
void dropAuxiliary(const BackboneSpec& spec, Shapes& shapes)
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
            shapes.erase(name);
    }
}

/// The number of classes, where it is the only thing that differs.
std::optional<int> otherClasses(const BackboneSpec& spec, const Shapes& shapes, Auxiliary auxiliary)
{
    constexpr std::int64_t most = 1'000'000;
    const auto found = shapes.find(build(spec, auxiliary).nodes.back().name + ".weight");
    if (found == shapes.end() || found->second.empty() || found->second[0] < 1 || found->second[0] > most)
        return {};
    const int classes = static_cast<int>(found->second[0]);
    return fits(build(spec, auxiliary, classes), shapes) ? std::optional(classes) : std::nullopt;
}

/// Says what the file is, as closely as can be told.
[[noreturn]] void refuse(const std::string& file, const BackboneSpec& spec, const Shapes& shapes,
                         Auxiliary auxiliary, const Error& misfit)
{
    const std::string wanted(spec.title);
    if (const auto classes = otherClasses(spec, shapes, auxiliary))
        throw Error(file,
                    "this is a " + wanted + " that was trained on for " + std::to_string(*classes)
                        + " classes of its own; the weights for ImageNet's "
                        + std::to_string(BuildOptions().classes) + " classes are needed",
                    "Choose the original file of " + wanted + ".");
    const std::string is(recogniseNetwork(shapes));
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

/// The file's name of every tensor that the network needs. Throws Error where it is not this network's file.
FileNames namesOfFit(const BackboneSpec& spec, const Shapes& shapes, const std::string& file,
                     Auxiliary auxiliary)
{
    FileNames names = officialNames(spec, shapes, file);
    Shapes official = officialShapes(spec, shapes, names);
    if (auxiliary == Auxiliary::Drop)
        dropAuxiliary(spec, official);
    try {
        requireMatch(build(spec, auxiliary), official, spec.title);
    } catch (const Error& misfit) {
        refuse(file, spec, official, auxiliary, misfit);
    }
    return names;
}

/// Hands `bytes` to the reader of its container.
TensorMap read(std::string_view bytes, const std::string& name, Numbers numbers)
{
    if (bytes.empty())
        throw Error(name, "is empty", "Fetch the file again.");
    if (bytes.starts_with("PK\3\4"))
        return readZipPth(bytes, name, numbers);
    if (bytes.starts_with(pth::legacyMagic))
        return readLegacyPth(bytes, name, numbers);
    constexpr std::size_t lengthField = 8;
    if (bytes.size() > lengthField && bytes[lengthField] == '{')
        return readSafetensors(bytes, name, numbers).tensors;
    throw Error(name, "is no weight file that Graft reads", "Choose a .pth or .safetensors file.");
}

} // namespace

TensorMap readWeights(const std::filesystem::path& file)
{
    return readWeights(readFile(file), file.string());
}

TensorMap readWeights(std::string_view bytes, const std::string& name)
{
    return read(bytes, name, Numbers::Keep);
}

Shapes readShapes(std::string_view bytes, const std::string& name)
{
    return shapesOf(read(bytes, name, Numbers::Check));
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
    const FileNames names = namesOfFit(spec, shapesOf(weights), name, auxiliary);
    const Graph graph = build(spec, auxiliary);
    TensorMap ours;
    for (const Parameter& parameter : parameters(graph)) {
        auto node = weights.extract(names.at(parameter.name));
        node.key() = parameter.name;
        node.mapped().shape = parameter.shape;
        ours.insert(std::move(node));
    }
    requireMatch(graph, ours, spec.title);
    return ours;
}

void requireWeightsOf(const BackboneSpec& spec, const Shapes& shapes, const std::string& name,
                      Auxiliary auxiliary)
{
    namesOfFit(spec, shapes, name, auxiliary);
}

} // namespace graft::network
