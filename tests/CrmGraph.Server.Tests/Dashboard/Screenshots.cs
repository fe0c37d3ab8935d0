using System.Globalization;
using Microsoft.Playwright;
using Xunit;

namespace CrmGraph.Server.Tests.Dashboard;

/// <summary>Pictures of pages, for the README (<c>tools/screenshots</c>) and for whoever changes a page and wants to look at it.</summary>
[Collection(DashboardPagesCollection.Name)]
public sealed class Screenshots(DashboardFixture pages)
{
    private const int SettleMilliseconds = 2_500, Quality = 72;

    /// <summary>
    /// <c>CRMGRAPH_SCREENSHOTS</c> is a folder, <c>CRMGRAPH_SCREENSHOT_PAGES</c> lines of name, path, locale, theme, width, height (0 for all of the page) and, if
    /// something shall be clicked before, its selector.
    /// </summary>
    [ScreenshotsFact]
    public async Task Are_taken_of_the_pages_that_are_asked_for()
    {
        var folder = ScreenshotsFactAttribute.Folder!;
        foreach (var line in Environment.GetEnvironmentVariable("CRMGRAPH_SCREENSHOT_PAGES")!.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            var (name, path, locale, theme) = (parts[0], parts[1], parts[2], Enum.Parse<ColorScheme>(parts[3], ignoreCase: true));
            var (width, height) = (int.Parse(parts[4], CultureInfo.InvariantCulture), int.Parse(parts[5], CultureInfo.InvariantCulture));
            await using var visit = await pages.VisitAsync(path, locale, theme, width);
            await visit.Page.SetViewportSizeAsync(width, height == 0 ? 900 : height);
            if (parts.Length > 6)
                await visit.Page.Locator(string.Join(' ', parts[6..])).First.ClickAsync();
            // Charts are drawn when their figures are there, and grow for a moment.
            if (await visit.Page.Locator(".chart").CountAsync() > 0)
                await visit.Page.Locator(".chart canvas").First.WaitForAsync();
            await visit.Page.WaitForTimeoutAsync(SettleMilliseconds);
            var isPhoto = name.EndsWith(".jpg", StringComparison.Ordinal);
            await visit.Page.ScreenshotAsync(new()
            {
                Path = Path.Combine(folder, name),
                FullPage = height == 0,
                Type = isPhoto ? ScreenshotType.Jpeg : ScreenshotType.Png,
                Quality = isPhoto ? Quality : null,
            });
        }
    }
}

/// <summary>Skipped where nobody says in <c>CRMGRAPH_SCREENSHOTS</c> in which folder pictures shall be put.</summary>
public sealed class ScreenshotsFactAttribute : FactAttribute
{
    public ScreenshotsFactAttribute()
    {
        if (Folder is null)
            Skip = "CRMGRAPH_SCREENSHOTS names no folder.";
    }

    public static string? Folder => Environment.GetEnvironmentVariable("CRMGRAPH_SCREENSHOTS");
}
