using CrmGraph.Data.Model;
using CrmGraph.Reporting.Access;
using CrmGraph.Reporting.Imports;
using CrmGraph.Reporting.Imports.Maps;
using CrmGraph.Reporting.Tests.Ingest;
using CrmGraph.TestKit;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace CrmGraph.Reporting.Tests.Imports;

/// <summary>Lookups in products and customers that are stored.</summary>
public sealed class StoredLookupTests
{
    private const string Products =
        "source: shop\ndefaults: {currency: EUR}\nrecords:\n  - product: {key: No, sku: Sku, name: Name, category: Group, price: {column: Price, "
        + "clear: none}}\n";
    private const string Stock = "No,Sku,Name,Group,Price\n1,pen,Pen,Writing,1.234\n2,ink,Ink,,4\n3,twin,A,x,1\n4,twin,B,x,2\n";

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Fields_of_products_are_looked_up_by_sku_and_by_outside_id(DatabaseKind kind)
    {
        await using var crm = await WriterFixture.CreateAsync(kind);
        await WriteAsync(crm, Products, Stock);

        Assert.Equal("pen|Writing", await LookUpAsync(crm, "stored: product, key: sku, value: category", "pen"));
        Assert.Equal("2|Ink", await LookUpAsync(crm, "stored: product, key: key, value: name", "2"));
        Assert.Equal("1|pen", await LookUpAsync(crm, "stored: product, key: key, source: shop, value: sku", "1"));
        Assert.Equal("twin|x", await LookUpAsync(crm, "stored: product, key: sku, value: category", "twin"));
        Assert.Equal("pen|", await LookUpAsync(crm, "stored: product, key: key, source: other, value: sku, missing: empty", "pen"));
        Assert.Equal(
            "no product with sku 'ink' has category; write it before this file, or say 'missing: empty'",
            await LookUpAsync(crm, "stored: product, key: sku, value: category", "ink"));
        Assert.Equal(
            "several products have sku 'twin', and not one name; look up by another key",
            await LookUpAsync(crm, "stored: product, key: sku, value: name", "twin"));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_price_is_a_number_however_the_file_writes_numbers_and_only_of_its_currency(DatabaseKind kind)
    {
        await using var crm = await WriterFixture.CreateAsync(kind);
        await WriteAsync(crm, Products, Stock);
        const string map = "source: shop\ndefaults: {numbers: '1.234,56'CURRENCY}\nrecords:\n  - order: {key: O, orderedAt: At, line: {quantity: N, "
            + "unitPrice: {column: Sku, lookup: {stored: product, key: sku, value: price}}}}\n";

        var own = await WriteAsync(crm, map.Replace("CURRENCY", "", StringComparison.Ordinal), "O,At,N,Sku\n1,2025-05-01,2,pen\n2,2025-05-01,1,glue\n");
        var foreign = await WriteAsync(crm, map.Replace("CURRENCY", ", currency: USD", StringComparison.Ordinal), "O,At,N,Sku\n3,2025-05-01,2,pen\n");

        Assert.Equal((1L, 1L), (own.RowsUsed, own.RowsRefused));
        Assert.Equal("24680|EUR", string.Join('|', (await crm.Database.QueryAsync("select gross_amount, currency from orders"))[0]));
        Assert.StartsWith("no product with sku 'pen' has price in USD", foreign.Rejected[0].Message, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task The_price_of_a_product_comes_and_goes_with_its_currency(DatabaseKind kind)
    {
        await using var crm = await WriterFixture.CreateAsync(kind);
        async Task<string> StoredAsync() => string.Join('|', (await crm.Database.QueryAsync("select price, currency from products where sku = 'pen'"))[0]);

        await WriteAsync(crm, Products.Replace("price:", "currency: {const: usd}, price:", StringComparison.Ordinal), Stock);
        Assert.Equal("12340|USD", await StoredAsync());
        await WriteAsync(
            crm,
            "source: shop\ndefaults: {currency: EUR}\nrecords:\n  - product: {key: No, name: Name, price: Price}\n",
            "No,Name,Price\n1,Pencil,\n");
        Assert.Equal("12340|USD", await StoredAsync());
        await WriteAsync(crm, Products, "No,Sku,Name,Group,Price\n1,,,,none\n");
        Assert.Equal("|", await StoredAsync());
        var negative = await WriteAsync(crm, Products, "No,Sku,Name,Group,Price\n1,,,,-1\n");
        Assert.Equal(("OUT_OF_RANGE", "product.price"), (negative.Rejected[0].Rule, negative.Rejected[0].Field));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Customers_are_looked_up_among_those_that_the_importer_may_see(DatabaseKind kind)
    {
        await using var crm = await WriterFixture.CreateAsync(kind);
        await WriteAsync(
            crm,
            "source: shop\nrecords:\n  - teamMember: {key: Rep}\n  - customer: {key: No, email: Mail, region: Region, owner: Rep}\n",
            "No,Mail,Region,Rep\n1,ada@example.com,North,r\n2,bob@example.com,South,s\n");
        var rep = (await crm.ReadAsync(async context => await context.TeamMembers.SingleAsync(m => m.Name == "r"))).Id;

        Assert.Equal("2|South", await LookUpAsync(crm, "stored: customer, key: key, value: region", "2"));
        Assert.Equal("ADA@example.com|North", await LookUpAsync(crm, "stored: customer, key: email, value: region", "ADA@example.com"));
        var options = new ImportOptions
        {
            RejectedInReport = 9,
            Caller = Caller.System with { Role = Role.Representative, TeamMemberId = rep, Owners = [rep] }
        };
        Assert.StartsWith(
            "no customer with key '2' has region",
            await LookUpAsync(crm, "stored: customer, key: key, value: region", "2", options),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task More_keys_than_are_held_end_the_import()
    {
        await using var crm = await WriterFixture.CreateAsync(DatabaseKind.Sqlite);
        await WriteAsync(crm, Products, Stock);
        var map = ImportMap.Parse(
            "source: shop\nrecords:\n  - interaction: {occurredAt: At, subject: {column: K, lookup: {stored: product, key: key, value: name}}}\n",
            "map.yaml");

        var report = await ImportRun.WriteAsync(crm, map, ImportRun.File("At,K\n2025-05-01,1\n"), limits: new ImportLimits { LookupKeys = 3 });

        Assert.Equal((0L, ImportErrorCodes.LimitExceeded), (report.RowsRead, report.Error!.Code));
    }

    /// <summary>The key and what was looked up, or why the row was refused.</summary>
    private static async Task<string> LookUpAsync(WriterFixture crm, string lookup, string key, ImportOptions? options = null)
    {
        var map = $"source: shop\nrecords:\n  - team: {{key: K, name: {{column: K, lookup: {{{lookup}}}, default: '-'}}}}\n";
        var trial = crm.Writer.Try();
        await using var _ = trial;
        var report = await new Importer(trial.WriteAsync, TimeProvider.System).RunAsync(
            ImportMap.Parse(map, "map.yaml"), [ImportRun.File($"K\n{key}\n")], (options ?? new ImportOptions
            {
                RejectedInReport = 9
            }) with
            { Stored = crm.Contexts, IsDryRun = true });
        if (report.Rejected is [var refused, ..])
            return refused.Message;
        var name = (string)report.Only("SalesTeam")["name"]!;
        return $"{key}|{(name == "-" ? "" : name)}";
    }

    private static Task<ImportReport> WriteAsync(WriterFixture crm, string map, string text)
        => ImportRun.WriteAsync(crm, ImportMap.Parse(map, "map.yaml"), ImportRun.File(text));
}
