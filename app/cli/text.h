#pragma once
#include "core/base/metrics.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace graft::cli {

/// Names come from files and may hold anything: control characters, which a terminal would obey, become '?'.
/// A path converts to its text.
std::string shown(std::string text);

/// With `digits` after the point, whatever the locale.
std::string fixed(double value, int digits);

std::string percent(double share); ///< 0.983 is "98.3 %"

/// "1 picture", "1,234 pictures"; `many` where the plural is not the word with an s.
std::string counted(std::int64_t count, std::string_view word, std::string_view many = {});
std::string grouped(std::int64_t number); ///< "1,234,567"

std::string duration(double seconds); ///< "0.8 s", "2 min 5 s"

/// "98.3 % (59 of 60 right; 95 % interval 91.1 to 99.7 %)", or that there are no pictures.
std::string verdict(const ConfusionMatrix& confusion);

/// Seconds since 1970 as "2024-05-01T12:00:00Z".
std::string utc(std::int64_t seconds);

/// Rows under a header, columns as wide as they must be, two spaces between them.
class Table
{
public:
    /// A column whose title begins with '>' is set to the right.
    explicit Table(const std::vector<std::string>& titles);

    void add(std::vector<std::string> cells);
    std::string text() const; ///< each line indented by two spaces

private:
    std::vector<bool> m_right;
    std::vector<std::vector<std::string>> m_rows;
};

/// Columns that a terminal needs for UTF-8 `text`: its code points.
std::size_t width(std::string_view text);

} // namespace graft::cli
