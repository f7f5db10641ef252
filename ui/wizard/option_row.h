#pragma once
#include "ui/wizard/option_words.h"

#include <QFrame>

class QLabel;

namespace graft::ui {

/// One line of a form: the name of an option and its field. It is lit while the field has the focus, and
/// tells when a person looks at it.
class OptionRow : public QFrame
{
    Q_OBJECT
public:
    /// `field` may hold several widgets; the first that takes the focus belongs to the name.
    OptionRow(Option option, QWidget* field, QWidget* parent = nullptr);

    Option option() const { return m_option; }

    QWidget* field() const { return m_field; }

    /// Empty: it can be chosen. Else it cannot, and the reason is the tooltip.
    void setWhyNot(const QString& reason);

    const QString& reason() const { return m_reason; }

    int nameWidth() const; ///< pixels that the name needs
    void setNameWidth(int width); ///< of all rows of a form

signals:
    void entered(graft::ui::Option option);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;

private:
    void light(bool on);

    Option m_option;
    QWidget* m_field;
    QLabel* m_name;
    QString m_reason;
};

} // namespace graft::ui
