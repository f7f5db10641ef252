#include "app/cli/command.h"
#include "app/cli/json.h"
#include "app/cli/text.h"
#include "core/engine/machine.h"

namespace graft::cli {

namespace {

Answer examine(Work&)
{
    Json list = Json::array();
    Table table({"", "", ""});
    int odd = 0;
    const std::vector<engine::Finding> findings = engine::doctor();
    for (const engine::Finding& finding : findings) {
        list.push_back({{"id", finding.id},
                        {"ok", finding.ok},
                        {"title", finding.title},
                        {"sentence", finding.sentence}});
        table.add({finding.ok ? "ok" : "look", finding.title, shown(finding.sentence)});
        odd += finding.ok ? 0 : 1;
    }
    const std::string verdictLine = odd == 0
        ? "Everything Graft needs is here.\n"
        : counted(odd, "thing deserves", "things deserve") + " a look.\n";
    std::string text = table.text();
    text.erase(0, text.find('\n') + 1); // no header: the words speak for themselves
    return {dump({{"findings", std::move(list)}}),
            "Graft " + std::string(engine::version()) + "\n\n" + text + "\n" + verdictLine,
            Done,
            {},
            {}};
}

} // namespace

Action prepareDoctor(CLI::App&)
{
    return examine;
}

} // namespace graft::cli
