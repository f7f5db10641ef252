#pragma once
#include "core/augment/colour.h"
#include "core/augment/mapping.h"
#include "core/augment/pixels.h"
#include "core/base/param_spec.h"
#include "core/base/random.h"

#include <array>
#include <cassert>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace graft::augment {

/// For menus.
enum class Group { Geometry, Light, Colour, Quality, Masking };

std::string_view title(Group group);

/// The numbers that were drawn for one picture. What an op does depends on them and on the picture alone.
class Drawn
{
public:
    Drawn() = default;

    Drawn(std::initializer_list<double> values)
        : m_count(values.size())
    {
        assert(values.size() <= m_values.size());
        std::copy(values.begin(), values.end(), m_values.begin());
    }

    double operator[](std::size_t i) const { return m_values[i]; }

    std::size_t size() const { return m_count; }

    bool operator==(const Drawn&) const = default;

private:
    std::array<double, 8> m_values {};
    std::size_t m_count = 0;
};

/// How a drawn number is told to a person: before + number * scale + after, as in "12°".
struct DrawnText {
    std::string_view before;
    std::string_view after;
    double scale = 1.0;
    int decimals = 0;
};

// The four kinds of effect. Neighbours of one kind become one pass over the pixels:

/// Geometry: adds where the pixels come from. Becomes one warp, one resampling. Lengths that were drawn are
/// shares of the picture, so that a draw looks the same at every size.
using Place = void (*)(const Drawn& drawn, const Frame& frame, Mapping& mapping);

/// A value of a channel depends on its old value alone: fills `tables`, which arrive as those that change
/// nothing. Become one table, with the same bytes as one after the other.
using Tabulate = void (*)(const Drawn& drawn, const Statistics& statistics, Tables& tables);

/// Weighted sums of the channels. Become one where nothing would be clipped in between.
using Mix = ChannelMix (*)(const Drawn& drawn);

/// Anything else, in place. Requires at least one pixel.
using Change = void (*)(const Drawn& drawn, const Pixels& pixels, Scratch& scratch);

/// One augmentation. Drawing is apart from applying, so that a preview, a log or a test can show or choose
/// what was drawn, and so that the same drawn values always give the same pixels. Every op keeps the size of
/// the picture.
struct OpSpec {
    std::string_view id;
    std::string_view title;
    std::string_view sentence; ///< what it teaches the network, for a person
    std::string_view labelHint; ///< when it can change what is to be told apart; empty where it cannot
    Group group = Group::Geometry;
    std::vector<ParamSpec> parameters;
    std::vector<DrawnText> texts; ///< of the first drawn values; later ones (seeds) are not told
    /// `settings`: one value for each parameter. With all parameters at their identity, what is drawn gives
    /// back the picture bit for bit.
    Drawn (*draw)(std::span<const double> settings, Draws& draws) = nullptr;
    std::variant<Place, Tabulate, Mix, Change> effect;
};

/// THE list, in menu order. Ids are written to files: they never change their meaning.
std::span<const OpSpec> ops();

/// Null where there is none of that id.
const OpSpec* findOp(std::string_view id);

/// "Rotate 12°".
std::string describe(const OpSpec& op, const Drawn& drawn);

} // namespace graft::augment
