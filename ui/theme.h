#pragma once
#include <QColor>
#include <QIcon>

class QApplication;
class QPainter;
class QPushButton;
class QRectF;
class QWidget;

/// Looks are properties that resources/style/style.qss knows; set them before a widget is shown:
///   QLabel   role = h1 h2 answer strong muted caption       chip = neutral accent warning error
///   QFrame   card = true                                     line = true (a rule, 1 px high or wide)
///   buttons  primary = true (one for a page), flat = true, small = true
///   QToolButton  segment = first middle last (checkable, in a QButtonGroup)
///   QListView    bare = true (no background of its own)      QWidget  surface = true (the cards' background)
namespace graft::ui {

enum class Theme { System, Light, Dark };

/// The palette table of the design, for what QPalette has no role for.
struct Colours {
    QColor window, surface, navigation, line, control, text, text2, disabled, accent, onAccent, selection;
    QColor warningText, warningBack, errorText, errorBack, infoText, infoBack;
    QColor training, validation, grid, track;
    bool dark = false;
};

/// Of the theme that is shown now. Widgets that keep a colour take it anew in changeEvent(PaletteChange).
const Colours& colours();

/// The palette table itself.
Colours lightColours();
Colours darkColours();

/// Fusion, palette and style sheet; follows the desktop's setting while `theme` is System.
void applyTheme(QApplication& app, Theme theme);

/// Makes every text `factor` times as big as the desktop's own size.
void applyTypeSize(QApplication& app, double factor);

/// What an icon is painted with. The colour is looked up when it is painted, so a change of theme needs no
/// new icons.
enum class Ink { Text, Text2, Accent, OnAccent, Warning, Error, Info };

/// An icon of resources/icons, in the palette's colour: "pictures", "train", "stop" ... An unknown name is a
/// bug.
QIcon icon(const char* name, Ink ink = Ink::Text);
QIcon icon(const char* name, const QColor& colour);

/// The one filled button of a page.
void makePrimary(QPushButton* button, const char* iconName);

/// Class marks: colour and shape by label; after eight, outlines.
QColor classColour(int label);
void paintClassMark(QPainter& painter, const QRectF& box, int label);
QIcon classMark(int label);

} // namespace graft::ui
