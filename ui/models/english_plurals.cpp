#include "ui/models/english_plurals.h"

namespace graft::ui {

QString EnglishPlurals::translate(const char* /*context*/, const char* source, const char* /*disambiguation*/,
                                  int n) const
{
    if (n < 0 || source == nullptr)
        return {};
    QString text = QString::fromUtf8(source);
    for (const QLatin1String ending : {QLatin1String("s"), QLatin1String("es")})
        text.replace(QLatin1Char('(') + ending + QLatin1Char(')'), n == 1 ? QString() : QString(ending));
    return text;
}

} // namespace graft::ui
