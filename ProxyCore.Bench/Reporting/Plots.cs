using System.Text;
using OxyPlot;
using OxyPlot.Axes;
using OxyPlot.Legends;
using OxyPlot.Series;

namespace ProxyCore.Bench.Reporting;

/// <summary>Plots as SVG files.</summary>
internal static class Plots
{
    private const double Width = 760;
    private const double Height = 380;
    private const double HeightOfBar = 7;
    private const double HeightOfAxis = 80;

    // Told apart also by those who don't see red and green: Okabe and Ito.
    private static readonly OxyColor[] _colors =
    [
        OxyColor.FromRgb(0, 114, 178), OxyColor.FromRgb(230, 159, 0), OxyColor.FromRgb(0, 158, 115),
        OxyColor.FromRgb(204, 121, 167), OxyColor.FromRgb(86, 180, 233), OxyColor.FromRgb(213, 94, 0),
        OxyColor.FromRgb(110, 110, 110), OxyColor.FromRgb(240, 228, 66), OxyColor.FromRgb(0, 0, 0), OxyColor.FromRgb(150, 90, 40),
    ];

    /// <summary>Draws curves over a common axis into a file.</summary>
    internal delegate void Drawing(
        string file, string title, string across, string up, IReadOnlyDictionary<string, IReadOnlyList<(double X, double Y)>> curves);

    /// <summary>Curves whose axes begin at 0.</summary>
    internal static void Lines(
        string file, string title, string across, string up, IReadOnlyDictionary<string, IReadOnlyList<(double X, double Y)>> curves) =>
        Draw(
            file,
            title,
            curves,
            new LinearAxis { Position = AxisPosition.Bottom, Title = across, Minimum = 0 },
            new LinearAxis { Position = AxisPosition.Left, Title = up, Minimum = 0 });

    /// <summary>Curves over logarithms, where what grows in proportion is a line that rises by 45 degrees in a square.</summary>
    internal static void LogLines(
        string file, string title, string across, string up, IReadOnlyDictionary<string, IReadOnlyList<(double X, double Y)>> curves)
    {
        // At least a power of ten up: a curve that does not grow must not look as if it did.
        double[] values = [.. curves.Values.SelectMany(static points => points).Select(static point => point.Y).Where(static value => value > 0)];
        double least = Math.Pow(10, Math.Floor(Math.Log10(values.DefaultIfEmpty(1).Min())));
        double most = Math.Max(least * 10, Math.Pow(10, Math.Ceiling(Math.Log10(values.DefaultIfEmpty(1).Max()))));
        Draw(
            file,
            title,
            curves,
            new LogarithmicAxis { Position = AxisPosition.Bottom, Title = across },
            new LogarithmicAxis { Position = AxisPosition.Left, Title = up, Minimum = least, Maximum = most });
    }

    /// <summary>A bar for each value, in groups.</summary>
    internal static void Bars(
        string file, string title, string along, IReadOnlyList<string> groups, IReadOnlyDictionary<string, IReadOnlyList<double>> values)
    {
        PlotModel model = Create(title);
        var names = new CategoryAxis { Position = AxisPosition.Left, StartPosition = 1, EndPosition = 0 };
        names.Labels.AddRange(groups);
        model.Axes.Add(names);
        model.Axes.Add(new LinearAxis
        {
            Position = AxisPosition.Bottom,
            Title = along,
            Minimum = 0,
            MajorGridlineStyle = LineStyle.Solid,
            MajorGridlineColor = OxyColors.LightGray,
        });
        foreach ((string name, IReadOnlyList<double> bars) in values)
        {
            var series = new BarSeries { Title = name };
            series.Items.AddRange(bars.Select(static value => new BarItem(value)));
            model.Series.Add(series);
        }

        Write(file, model, Math.Max(Height, (groups.Count * (values.Count + 1) * HeightOfBar) + HeightOfAxis));
    }

    private static void Draw(
        string file, string title, IReadOnlyDictionary<string, IReadOnlyList<(double X, double Y)>> curves, Axis across, Axis up)
    {
        PlotModel model = Create(title);
        up.MajorGridlineStyle = LineStyle.Solid;
        up.MajorGridlineColor = OxyColors.LightGray;
        model.Axes.Add(across);
        model.Axes.Add(up);
        foreach ((string name, IReadOnlyList<(double X, double Y)> points) in curves)
        {
            var line = new LineSeries { Title = name, MarkerType = MarkerType.Circle, MarkerSize = 3, StrokeThickness = 2 };
            line.Points.AddRange(points.Select(static point => new DataPoint(point.X, point.Y)));
            model.Series.Add(line);
        }

        Write(file, model);
    }

    private static PlotModel Create(string title)
    {
        var model = new PlotModel { Title = title, TitleFontSize = 15, Background = OxyColors.White, DefaultColors = _colors };
        model.Legends.Add(new Legend { LegendPosition = LegendPosition.RightTop, LegendPlacement = LegendPlacement.Outside, LegendFontSize = 11 });
        return model;
    }

    private static void Write(string file, PlotModel model, double height = Height)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        using var stream = new MemoryStream();
        var exporter = new SvgExporter
        {
            Width = Width,
            Height = height,
            UseVerticalTextAlignmentWorkaround = true,
            TextMeasurer = new WideTextMeasurer(),
        };
        exporter.Export(model, stream);
        File.WriteAllText(file, Encoding.UTF8.GetString(stream.ToArray()).TrimStart('\uFEFF') + "\n");
    }

    /// <summary>
    /// Measures texts without a font at hand. The exporter's own guess is too small for the fonts that browsers take:
    /// legends are cut off.
    /// </summary>
    private sealed class WideTextMeasurer() : PdfRenderContext(Width, Height, OxyColors.White)
    {
        private const double WidthOfBrowsers = 1.6;
        private const double HeightOfBrowsers = 1.3;

        public override OxySize MeasureText(string text, string fontFamily, double fontSize, double fontWeight)
        {
            OxySize guess = base.MeasureText(text, fontFamily, fontSize, fontWeight);
            return new OxySize(guess.Width * WidthOfBrowsers, guess.Height * HeightOfBrowsers);
        }
    }
}
