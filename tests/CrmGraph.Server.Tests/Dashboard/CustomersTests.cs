using CrmGraph.Data.Model;
using Microsoft.Playwright;
using Xunit;

namespace CrmGraph.Server.Tests.Dashboard;

/// <summary>The pages at <c>/customers</c> in a browser.</summary>
[Collection(DashboardPagesCollection.Name)]
public sealed class CustomersTests(DashboardFixture pages)
{
    [Theory]
    [InlineData("en-US", ColorScheme.Light, 1280, "Customers")]
    [InlineData("zh-CN", ColorScheme.Dark, 390, "客户")]
    public async Task The_list_and_a_customer_are_whole(string locale, ColorScheme theme, int width, string title)
    {
        await using var visit = await pages.VisitAsync("/customers?order=spent", locale, theme, width);
        Assert.Equal(title, await visit.Page.Locator("h1").InnerTextAsync());
        await visit.AssertWholeAsync();
        await visit.Page.Locator("tbody a").First.ClickAsync();
        await Assertions.Expect(visit.Page.Locator("canvas")).ToHaveCountAsync(1);
        await visit.AssertWholeAsync();
    }

    [Theory]
    [InlineData(null)]
    [InlineData(Role.Representative)]
    public async Task Each_visitor_sees_the_customers_that_the_API_tells_him(Role? role)
    {
        var key = role is null ? null : (await pages.Server.CreateKeyAsync(role.Value, await MemberAsync())).Secret;
        var names = await NamesAsync("first: 50", key);
        await using var visit = await pages.VisitAsync("/customers", key: key);
        Assert.Equal(names.Take(25), await visit.Page.Locator("tbody a").AllInnerTextsAsync());
        await visit.Page.Locator("[rel=next]").ClickAsync();
        await Assertions.Expect(visit.Page.Locator("tbody a").First).ToHaveTextAsync(names[25]);
        Assert.Equal(names.Skip(25), await visit.Page.Locator("tbody a").AllInnerTextsAsync());
        await visit.Page.Locator("[rel=prev]").ClickAsync();
        await Assertions.Expect(visit.Page.Locator("tbody a").First).ToHaveTextAsync(names[0]);
    }

    [Fact]
    public async Task Customers_are_found_by_words()
    {
        await using var visit = await pages.VisitAsync("/customers");
        await visit.Page.Locator("main [type=search]").FillAsync("GmbH");
        await visit.Page.Keyboard.PressAsync("Enter");
        await visit.Page.WaitForURLAsync("**search=GmbH**");
        Assert.Equal(await NamesAsync("first: 25, search: \"GmbH\""), await visit.Page.Locator("tbody a").AllInnerTextsAsync());
        await visit.Page.GotoAsync("/customers?search=nobodyhasthisname");
        await Assertions.Expect(visit.Page.Locator(".empty")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task A_customer_of_others_is_not_shown_and_one_of_ones_own_is()
    {
        var owner = await MemberAsync();
        var key = (await pages.Server.CreateKeyAsync(Role.Representative, owner)).Secret;
        var own = (await pages.AskAsync("{ customers(first: 1) { nodes { id name } } }", key: key)).GetProperty("customers").GetProperty("nodes")[0];
        var all = (await pages.AskAsync("{ customers(first: 500) { nodes { id ownerId } } }")).GetProperty("customers").GetProperty("nodes");
        var ownerId = (await pages.AskAsync("query($id: ID!) { customer(id: $id) { ownerId } }", new { id = own.GetProperty("id").GetString() }))
            .GetProperty("customer").GetProperty("ownerId").GetString();
        var other = all.EnumerateArray().First(c => c.GetProperty("ownerId").GetString() is { } id && id != ownerId).GetProperty("id").GetString()!;

        await using var visit = await pages.VisitAsync(Path(own.GetProperty("id").GetString()!), key: key);
        await Assertions.Expect(visit.Page.Locator("h1")).ToHaveTextAsync(own.GetProperty("name").GetString()!);
        var answer = await visit.Page.GotoAsync(Path(other));
        Assert.Equal(404, answer!.Status);
        await Assertions.Expect(visit.Page.Locator("h1")).ToHaveTextAsync("There is no such customer");
        // An address that was cut off, and one that leads nowhere at all: a person reads words, a program JSON.
        Assert.Equal(404, (await visit.Page.GotoAsync("/customers/Q3VzdG9tZXI6"))!.Status);
        await Assertions.Expect(visit.Page.Locator("h1")).ToHaveTextAsync("There is no such customer");
        foreach (var missing in new[] { "/dashboards/no-such", "/dashboards/Q3VzdG9tZXI6", "/reports/Q3VzdG9tZXI6" })
            Assert.Equal(404, (await visit.Page.GotoAsync(missing))!.Status);
        Assert.Equal(404, (await visit.Page.GotoAsync("/nowhere/at/all"))!.Status);
        await Assertions.Expect(visit.Page.Locator("h1")).ToHaveTextAsync("There is nothing here");
    }

    private static string Path(string id) => CrmGraph.Dashboard.Routes.Of("/customers", id);

    private async Task<List<string>> NamesAsync(string arguments, string? key = null)
    {
        var data = await pages.AskAsync($"{{ customers({arguments}, order: [{{ name: ASC }}]) {{ nodes {{ name }} }} }}", key: key);
        return [.. data.GetProperty("customers").GetProperty("nodes").EnumerateArray().Select(c => c.GetProperty("name").GetString()!)];
    }

    /// <summary>The active team member with the most customers.</summary>
    private async Task<Guid> MemberAsync()
    {
        await using var db = pages.Server.Database.CreateContext();
        return db.TeamMembers.Where(m => m.IsActive).OrderByDescending(m => db.Customers.Count(c => c.OwnerId == m.Id)).First().Id;
    }
}
