#pragma once
#include <QTranslator>

namespace graft::ui {

/// Reads the plural form out of the English source text: "%n picture(s)" becomes "1 picture" or "2 pictures",
/// "class(es)" likewise. Installed first, so that a translation of another language goes before it.
class EnglishPlurals : public QTranslator
{
    Q_OBJECT
public:
    using QTranslator::QTranslator;

    bool isEmpty() const override { return false; }

    QString translate(const char* context, const char* source, const char* disambiguation,
                      int n) const override;
};

} // namespace graft::ui
