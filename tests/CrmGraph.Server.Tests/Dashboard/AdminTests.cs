using System.Text.RegularExpressions;
using CrmGraph.Data.Model;
using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using Xunit;

namespace CrmGraph.Server.Tests.Dashboard;

/// <summary>The page at <c>/admin</c> in a browser.</summary>
[Collection(DashboardPagesCollection.Name)]
public sealed partial class AdminTests(DashboardFixture pages)
{
    [Theory]
    [InlineData("en-US", ColorScheme.Light, 1280)]
    [InlineData("zh-CN", ColorScheme.Dark, 390)]
    public async Task The_page_is_whole(string locale, ColorScheme theme, int width)
    {
        // With a row in the table of keys.
        await pages.Server.CreateKeyAsync(Role.Viewer);
        await using var visit = await pages.VisitAsync("/admin", locale, theme, width);
        await Assertions.Expect(visit.Page.Locator(".settings")).ToBeVisibleAsync(new() { Timeout = 30_000 });
        await Assertions.Expect(visit.Page.GetByRole(AriaRole.Button, new() { NameRegex = Revoke() }).First).ToBeVisibleAsync();
        await visit.AssertWholeAsync();
    }

    [Fact]
    public async Task The_daily_sums_are_compared_with_the_orders_and_made_again()
    {
        await using var visit = await pages.VisitAsync("/admin");
        await Assertions.Expect(visit.Page.Locator("#health .chip")).ToHaveTextAsync("up to date", new() { Timeout = 30_000 });
        var known = (await pages.AskAsync("{ serverHealth { database { system } rollups { rollups { rows } } } }")).GetProperty("serverHealth");
        Assert.Equal("SQLite", known.GetProperty("database").GetProperty("system").GetString());
        var rows = known.GetProperty("rollups").GetProperty("rollups");
        await Assertions.Expect(visit.Page.Locator("#rollups tbody tr")).ToHaveCountAsync(rows.GetArrayLength());
        await using var db = pages.Server.Database.CreateContext();
        Assert.Equal(await db.SalesDays.CountAsync(), rows.EnumerateArray().Sum(r => r.GetProperty("rows").GetInt32()));

        // Somebody changed a sum behind the triggers' back.
        await db.SalesDays.Where(d => d.Day == db.SalesDays.Min(x => x.Day)).ExecuteUpdateAsync(s => s.SetProperty(d => d.OrderCount, d => d.OrderCount + 1));
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Compare with the orders" }).ClickAsync();
        await Assertions.Expect(visit.Page.Locator("#rollups-said")).ToHaveTextAsync(new Regex("^[0-9]+ days compared, 1 differ"), new() { Timeout = 30_000 });
        visit.Page.Dialog += (_, dialog) => _ = dialog.AcceptAsync();
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Make them again" }).ClickAsync();
        await Assertions.Expect(visit.Page.Locator("#rollups-said")).ToHaveTextAsync("They are being made again.");
        await Assertions.Expect(visit.Page.Locator("#health .chip")).ToHaveTextAsync("up to date", new() { Timeout = 30_000 });
        Assert.Empty(visit.Complaints);
    }

    [Fact]
    public async Task Others_are_not_let_in()
    {
        var key = await pages.Server.CreateKeyAsync(Role.Analyst);
        await using var visit = await pages.VisitAsync("/admin", key: key.Secret);
        await Assertions.Expect(visit.Page.Locator("main")).ToContainTextAsync("for administrators");
        await Assertions.Expect(visit.Page.Locator("nav a[href='/admin']")).ToHaveCountAsync(0);
        await Assertions.Expect(visit.Page.Locator("#import")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task A_key_is_made_used_and_revoked()
    {
        await using var visit = await pages.VisitAsync("/admin");
        await Assertions.Expect(visit.Page.Locator(".settings")).ToBeVisibleAsync(new() { Timeout = 30_000 });
        await visit.Page.GetByLabel("Name", new() { Exact = true }).FillAsync("till at the door");
        await visit.Page.Locator("form select").First.SelectOptionAsync("VIEWER");
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Make a key" }).ClickAsync();
        var secret = await visit.Page.Locator("#secret").InnerTextAsync();
        Assert.Equal("VIEWER", (await pages.AskAsync("{ viewer { role } }", key: secret)).GetProperty("viewer").GetProperty("role").GetString());

        visit.Page.Dialog += (_, dialog) => _ = dialog.AcceptAsync();
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Revoke: till at the door" }).ClickAsync();
        await Assertions.Expect(visit.Page.GetByRole(AriaRole.Button, new() { Name = "Revoke: till at the door" })).ToHaveCountAsync(0);
        await Assert.ThrowsAnyAsync<Exception>(() => pages.AskAsync("{ viewer { role } }", key: secret));
        Assert.Empty(visit.Complaints);
    }

    [Fact]
    public async Task A_file_is_tried_and_its_refused_rows_are_shown()
    {
        await using var visit = await pages.VisitAsync("/admin");
        await Assertions.Expect(visit.Page.Locator(".settings")).ToBeVisibleAsync(new() { Timeout = 30_000 });
        await visit.Page.Locator("[name=file]").SetInputFilesAsync(File("customers.csv",
            "Customer ID,Name,Email,Shoe size\nV1,Ada,ada@x.example,38\nV2,Bob,bob@x.example,44\n"));
        await Assertions.Expect(visit.Page.Locator("#import-columns select")).ToHaveCountAsync(4);
        await Assertions.Expect(visit.Page.GetByLabel("Shoe size")).ToHaveValueAsync("customer.attributes");
        await visit.Page.GetByLabel("Shoe size").SelectOptionAsync("");
        await Assertions.Expect(visit.Page.Locator("#import-columns tr").Nth(3)).ToContainTextAsync("your choice");
        await Assertions.Expect(visit.Page.Locator("#import-yaml")).Not.ToHaveValueAsync(new System.Text.RegularExpressions.Regex("Shoe"));
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Import", Exact = true }).ClickAsync();
        await Assertions.Expect(visit.Page.Locator("#import-said")).ToContainTextAsync("2 rows read, 2 used, 0 skipped, 0 refused");

        await visit.Page.Locator("[name=own]").SetInputFilesAsync(File("visits.yaml", """
            source: visits
            rules:
              - reject: not-two
                when: "[n] = 2"
            records:
              - customer: {key: n, name: name}
            """));
        await visit.Page.Locator("[name=file]").SetInputFilesAsync(File("visits.csv", "n,name\n1,Ada\n2,Bob\n"));
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Import", Exact = true }).ClickAsync();
        await Assertions.Expect(visit.Page.Locator("#import-said"))
            .ToContainTextAsync("2 rows read, 1 used, 0 skipped, 1 refused A trial: nothing was written.");
        await Assertions.Expect(visit.Page.Locator("#import-report")).ToContainTextAsync("not-two");
        var download = await visit.Page.RunAndWaitForDownloadAsync(() => visit.Page.Locator("#import-refused").ClickAsync());
        Assert.Contains("2,Bob", await System.IO.File.ReadAllTextAsync(await download.PathAsync()), StringComparison.Ordinal);
        var written = await pages.AskAsync("{ customerByExternalId(source: \"visits\", key: \"1\") { id } }");
        Assert.Equal("null", written.GetProperty("customerByExternalId").GetRawText());
        Assert.Empty(visit.Complaints);

        static FilePayload File(string name, string text) =>
            new() { Name = name, MimeType = "text/plain", Buffer = System.Text.Encoding.UTF8.GetBytes(text) };
    }

    [GeneratedRegex("^(Revoke|吊销|撤销)")]
    private static partial Regex Revoke();
}
