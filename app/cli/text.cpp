#include "app/cli/text.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <ctime>

namespace graft::cli {

std::string shown(std::string text)
{
    std::ranges::replace_if(
        text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }, '?');
    return text;
}

std::string fixed(double value, int digits)
{
    char text[64];
    std::snprintf(text, sizeof text, "%.*f", digits, value);
    return text;
}

std::string percent(double share)
{
    return fixed(100.0 * share, 1) + " %";
}

std::string grouped(std::int64_t number)
{
    std::string digits = std::to_string(number);
    const std::ptrdiff_t first = number < 0 ? 1 : 0;
    for (std::ptrdiff_t at = std::ssize(digits) - 3; at > first; at -= 3)
        digits.insert(static_cast<std::size_t>(at), 1, ',');
    return digits;
}

std::string counted(std::int64_t count, std::string_view word, std::string_view many)
{
    std::string text = grouped(count) + " ";
    if (count == 1)
        return text.append(word);
    return many.empty() ? text.append(word) + "s" : text.append(many);
}

std::string duration(double seconds)
{
    if (seconds < 59.95)
        return fixed(seconds, 1) + " s";
    const auto whole = static_cast<std::int64_t>(std::llround(seconds));
    if (whole < 3600)
        return std::to_string(whole / 60) + " min " + std::to_string(whole % 60) + " s";
    return std::to_string(whole / 3600) + " h " + std::to_string(whole / 60 % 60) + " min";
}

std::string verdict(const ConfusionMatrix& confusion)
{
    const std::int64_t total = confusion.total();
    if (total == 0)
        return "no pictures to measure on";
    const Interval interval = wilson(confusion.correct(), total);
    return percent(confusion.accuracy()) + " (" + grouped(confusion.correct()) + " of " + grouped(total)
        + " right; 95 % interval " + fixed(100.0 * interval.low, 1) + " to " + percent(interval.high) + ")";
}

std::string utc(std::int64_t seconds)
{
    const std::time_t time = seconds;
    std::tm parts {};
    gmtime_r(&time, &parts);
    char text[32];
    return {text, std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts)};
}

std::size_t width(std::string_view text)
{
    return static_cast<std::size_t>(
        std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

Table::Table(const std::vector<std::string>& titles)
{
    m_rows.emplace_back();
    for (const std::string& title : titles) {
        m_right.push_back(title.starts_with('>'));
        m_rows.front().push_back(m_right.back() ? title.substr(1) : title);
    }
}

void Table::add(std::vector<std::string> cells)
{
    cells.resize(m_right.size());
    m_rows.push_back(std::move(cells));
}

std::string Table::text() const
{
    std::vector<std::size_t> widths(m_right.size());
    for (const auto& row : m_rows) {
        for (std::size_t i = 0; i < row.size(); ++i)
            widths[i] = std::max(widths[i], width(row[i]));
    }
    std::string text;
    for (const auto& row : m_rows) {
        std::string line;
        for (std::size_t i = 0; i < row.size(); ++i) {
            const std::string gap(widths[i] - width(row[i]), ' ');
            line += "  " + (m_right[i] ? gap + row[i] : row[i] + gap);
        }
        line.erase(line.find_last_not_of(' ') + 1);
        text += line + "\n";
    }
    return text;
}

} // namespace graft::cli
