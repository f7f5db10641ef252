#pragma once
#include "core/augment/recipe.h"

#include <QFrame>

class QCheckBox;
class QLabel;
class QToolButton;
class QVBoxLayout;

namespace graft::ui {

class DragHandle;
class ParamForm;

/// One augmentation of a recipe: handle, switch, name, chance; opened, its settings. It shows what it is told
/// and says what a person wants; it changes nothing itself.
class OpRow : public QFrame
{
    Q_OBJECT
public:
    explicit OpRow(const augment::OpSpec& op, QWidget* parent = nullptr);

    const augment::OpSpec& op() const { return m_op; }

    void setStep(const augment::Step& step);
    void setFirst(bool first); ///< without a line above it
    void setOpen(bool open);
    void setSolo(bool solo);

    bool isOpen() const;

signals:
    void opened(bool open);
    void enabledChanged(bool enabled);
    void probabilityChanged(double probability);
    void settingChanged(int parameter, double value);
    void soloToggled(bool solo);
    void removed();
    void shifted(int places); ///< by Alt+Up and Alt+Down
    void draggedTo(int globalY); ///< where the pointer is, pixels

protected:
    void mouseReleaseEvent(QMouseEvent* event) override;

private:
    QWidget* makeHeader();
    QWidget* makeBody(); ///< on its first opening: a recipe may have many rows
    void showStep();
    void polishAgain();

    const augment::OpSpec& m_op;
    augment::Step m_step;
    bool m_solo = false;
    QVBoxLayout* m_column;
    QWidget* m_header;
    QCheckBox* m_enabled;
    QLabel* m_chance;
    QToolButton* m_opener;
    QWidget* m_body = nullptr;
    ParamForm* m_form = nullptr;
    QToolButton* m_soloButton = nullptr;
};

} // namespace graft::ui
