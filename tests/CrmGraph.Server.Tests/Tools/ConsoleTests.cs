using System.Globalization;
using System.Xml.Linq;
using CrmGraph.Server.Tests.Architecture;
using CrmGraph.Server.Tests.Hosting;
using CrmGraph.Server.Tests.Transport;
using CrmGraph.TestKit;
using CrmGraph.Tools;
using Xunit;

namespace CrmGraph.Server.Tests.Tools;

/// <summary>The console as a whole, in this process: what goes wrong ends in one clear line and an exit code that is not zero.</summary>
[Collection(AloneCollection.Name)]
public sealed class ConsoleTests
{
    private const string Map = "source: shop\nrecords:\n  - customer: {key: id, name: name}\n";
    private const string Good = "id,name\n1,Ada\n";

    public static TheoryData<string, string[], int, string> Wrong => new()
    {
        { "no map", ["good.csv"], 2, "Option '--map' is required." },
        { "no file", ["--map", "map.yaml"], 2, "Required argument 'FILE' missing" },
        { "a map that is not there", ["good.csv", "-m", "gone.yaml"], 2, "There is no file gone.yaml. (MAP_UNKNOWN)" },
        { "a ready map that is not there", ["good.csv", "-m", "cdnov"], 2, "There is no map 'cdnov' (did you mean 'cdnow'?). Ready maps: " },
        { "a folder as map", ["good.csv", "-m", "folder"], 2, "folder is a folder; a map is a file, or the name of a ready one. (MAP_UNKNOWN)" },
        { "a map with an unknown key", ["good.csv", "-m", "key.yaml"], 2, "key.yaml, line 2, column 1: a map has no key 'record' (did you mean 'records'?)." },
        { "a map with an unknown encoding", ["good.csv", "-m", "encoding.yaml"], 2, "the encoding 'klingon' is unknown; examples: utf-8" },
        { "a map that is no YAML", ["good.csv", "-m", "good.csv"], 2, "good.csv, line 1, column 1: a map begins with keys" },
        { "a file without a name", ["", "-m", "map.yaml"], 2, "There is no file ''. (FILE_UNREADABLE)" },
        { "a file that is not there", ["gone.csv", "-m", "map.yaml"], 2, "There is no file 'gone.csv'. (FILE_UNREADABLE)" },
        { "a folder as file", ["folder", "-m", "map.yaml"], 2, "folder is a folder; name the files in it. (FILE_UNREADABLE)" },
        { "an empty file", ["empty.csv", "-m", "map.yaml"], 1, "empty.csv is empty; the map expects a header. (FILE_UNREADABLE)" },
        { "gzip that is none", ["none.gz", "-m", "map.yaml"], 1, "it begins as gzip, and what follows is broken or cut off. (FILE_UNREADABLE)" },
        {
            "a binary file",
            ["binary", "-m", "map.yaml"],
            1,
            "The header of binary (line 1) cannot be read: bytes that are no characters of the encoding that the map says (file.encoding). Are " },
        { "another delimiter", ["semicolons.csv", "-m", "map.yaml"], 2, "has no column id, name. Found: the header id;name. Is file.delimiter right?" },
        { "rows that are all refused", ["good.csv", "-m", "orders.yaml"], 1, "'Ada' is not a date in the form iso (NOTHING_USED)" },
        {
            "a dry run of rows that the database refuses",
            ["good.csv", "-m", "undated.yaml", "--dry-run"],
            1,
            "orderedAt is needed for a new order. (order shop:1) (NOTHING_USED)" },
        {
            "refused rows over the file itself",
            ["good.csv", "-m", "map.yaml", "--rejects", "./folder/../good.csv"],
            2,
            "would write over what is read; name another file. (INVALID_ARGUMENT)" },
        {
            "refused rows over the map",
            ["good.csv", "-m", "map.yaml", "--rejects", "map.yaml"],
            2,
            "would write over what is read; name another file. (INVALID_ARGUMENT)" },
        { "refused rows into a folder", ["good.csv", "-m", "map.yaml", "--rejects", "folder"], 1, "--rejects folder cannot be written: " },
        { "a database that cannot be", ["good.csv", "-m", "map.yaml", "-d", "Data Source=gone/crm.db"], 1, "gone/crm.db cannot be used: SQLite Error 14" },
        { "a database that is none", ["good.csv", "-m", "map.yaml", "-d", "Data Source=good.csv"], 1, "good.csv cannot be used: SQLite Error 26" },
        { "a connection that is none", ["good.csv", "-m", "map.yaml", "-d", "crm.db"], 1, "The connection string cannot be read" },
    };

    [Theory, MemberData(nameof(Wrong))]
    public async Task An_import_that_cannot_be_is_told_in_a_line_and_touches_nothing(string kind, string[] args, int code, string expected)
    {
        using var folder = Filled();
        string[] all = ["import", .. args, .. args.Contains("-d") ? (string[])[] : ["-d", "Data Source=crm.db"]];

        var (ended, error) = await RunAsync(folder, all);

        Assert.True(code == ended, $"{kind}: exit code {ended}: {error}");
        Assert.Contains(expected, error, StringComparison.Ordinal);
        BadInputTests.AssertNoTrace(error);
        Assert.Equal(
            (Good, Map),
            (await File.ReadAllTextAsync(Path.Combine(folder.Path, "good.csv")), await File.ReadAllTextAsync(Path.Combine(folder.Path, "map.yaml"))));
    }

    [Theory]
    [InlineData(1, "--expires '99999999d' is no moment.", "keys", "create", "--name", "x", "--role", "VIEWER", "--expires", "99999999d")]
    [InlineData(2, "--as-of takes a day of the years 2000 to 2198.", "seed", "--as-of", "0001-01-01")]
    [InlineData(1, "has 0 customers and 0 orders, and all of them would be deleted. Add --yes if they may go.", "seed", "--reset")]
    [InlineData(0, "crm.db. Its secret, shown only now:", "keys", "create", "--name", "x", "--role", "VIEWER")]
    public async Task What_cannot_be_and_what_was_done_is_told_in_a_line(int code, string expected, params string[] args)
    {
        using var folder = Filled();

        var (ended, error) = await RunAsync(folder, [.. args, "-d", "Data Source=crm.db"]);

        Assert.Equal(code, ended);
        Assert.Contains(expected, error, StringComparison.Ordinal);
        BadInputTests.AssertNoTrace(error);
    }

    [Fact]
    public void The_console_is_packed_as_the_tool_that_the_documentation_installs()
    {
        var project = XDocument.Load(Repository.PathOf("tools", "CrmGraph.Tools", "CrmGraph.Tools.csproj")).Descendants("PropertyGroup").Single();

        Assert.Equal(("true", "crmgraph"), (project.Element("PackAsTool")!.Value, project.Element("ToolCommandName")!.Value));
        foreach (var page in new[] { "README.md", "README.zh.md" })
            Assert.Contains(
                $"dotnet tool install --global {project.Element("PackageId")!.Value} --add-source packages", File.ReadAllText(Repository.PathOf(page)));
    }

    [Theory]
    [InlineData("keys", "list")]
    [InlineData("keys", "revoke", "crm_x")]
    [InlineData("settings", "show")]
    [InlineData("settings", "set", "week-start=Monday")]
    [InlineData("rezone", "Europe/Berlin")]
    [InlineData("simulate", "--seconds", "1")]
    public async Task A_slip_in_a_files_name_makes_no_database(params string[] args)
    {
        using var folder = Filled();

        var (code, error) = await RunAsync(folder, [.. args, "-d", "Data Source=slip.db"]);

        Assert.Equal(1, code);
        Assert.Contains("slip.db. `crmgraph migrate` makes one.", error, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(folder.Path, "slip.db")));
    }

    [Fact]
    public async Task A_dry_run_makes_no_database()
    {
        using var folder = Filled();
        Assert.Equal((0, ""), await RunAsync(folder, ["import", "good.csv", "-m", "map.yaml", "-d", "Data Source=crm.db", "--dry-run"]));
        Assert.False(File.Exists(Path.Combine(folder.Path, "crm.db")));
    }

    [Fact]
    public async Task Files_to_look_up_in_stand_beside_the_map()
    {
        using var folder = Filled();
        await using var database = await TestDatabase.CreateAsync(DatabaseKind.Sqlite);
        var maps = Path.Combine(folder.Path, "folder");
        await File.WriteAllTextAsync(
            Path.Combine(maps, "map.yaml"),
            "source: shop\nrecords:\n  - customer: {key: id, name: {column: id, lookup: {file: names.csv, key: no, value: name}}}\n");
        string[] import = ["import", "good.csv", "-m", "folder/map.yaml", "-d", database.ConnectionString];

        var without = await RunAsync(folder, import);
        await File.WriteAllTextAsync(Path.Combine(maps, "names.csv"), "no,name\n1,Grace\n");
        var with = await RunAsync(folder, import);

        Assert.Equal(2, without.Code);
        Assert.Contains("names.csv, which is not there", without.Error, StringComparison.Ordinal);
        Assert.Equal((0, ""), with);
        Assert.Equal("Grace", (await database.QueryAsync("select name from customers where not is_guest"))[0][0]);
    }

    [Fact]
    public async Task An_import_onto_a_full_disk_says_so_and_goes_on_from_there_once_there_is_room()
    {
        using var folder = Filled();
        await using var database = await TestDatabase.CreateAsync(DatabaseKind.Sqlite);
        string[] import = ["import", "many.csv", "-m", "map.yaml", "-d", database.ConnectionString];
        // Room for one batch.
        await database.ForbidToGrowAsync(7_000);

        var full = await RunAsync(folder, import);
        var kept = await CustomersAsync(database);
        var again = await RunAsync(folder, import);

        Assert.Equal(
            (1, "error: The disk of the database is full. What was written until then stays; make room and import the file again. (STORAGE_FULL)\n"),
            full);
        Assert.InRange(kept, 1, Many - 1);
        Assert.Equal((0, ""), again);
        Assert.Equal(Many, await CustomersAsync(database));
    }

    [Fact]
    public async Task Seeding_onto_a_full_disk_says_so_and_leaves_nothing_behind()
    {
        using var folder = Filled();
        await using var database = await TestDatabase.CreateAsync(DatabaseKind.Sqlite);
        string[] seed = ["seed", "--customers", "200", "-d", database.ConnectionString];
        await database.ForbidToGrowAsync(20);

        var full = await RunAsync(folder, seed);
        var kept = await CustomersAsync(database);
        var again = await RunAsync(folder, seed);

        Assert.Equal((1, "error: The disk of the database is full. Nothing is half written; make room and run the command again. (STORAGE_FULL)\n"), full);
        Assert.Equal(0, kept);
        Assert.Equal((0, ""), again);
        Assert.Equal(200, await CustomersAsync(database));
    }

    private const int Many = 30_000;

    private static TemporaryFolder Filled()
    {
        var folder = new TemporaryFolder();
        Directory.CreateDirectory(Path.Combine(folder.Path, "folder"));
        foreach (var (name, text) in new[]
        {
            ("map.yaml", Map), ("good.csv", Good), ("empty.csv", ""), ("semicolons.csv", "id;name\n1;Ada\n"),
            ("key.yaml", Map.Replace("records", "record", StringComparison.Ordinal)), ("encoding.yaml", "file: {encoding: klingon}\n" + Map),
            ("orders.yaml", "source: shop\nrecords:\n  - order: {key: id, orderedAt: name, amount: id}\n"),
            ("undated.yaml", "source: shop\nrecords:\n  - order: {key: id, number: name, amount: id}\n"),
            ("many.csv", "id,name\n" + string.Concat(Enumerable.Range(0, Many).Select(i => $"{i},Customer {i}\n"))),
        })
            File.WriteAllText(Path.Combine(folder.Path, name), text);
        File.WriteAllBytes(Path.Combine(folder.Path, "none.gz"), [0x1F, 0x8B, .. "not gzip at all"u8]);
        File.WriteAllBytes(Path.Combine(folder.Path, "binary"), [0x7F, 0x45, 0xFF, 0xFE, 0x00, 0xC3, 0x28]);
        return folder;
    }

    private static async Task<long> CustomersAsync(TestDatabase database)
        => (long)(await database.QueryAsync("select count(*) from customers where not is_guest"))[0][0]!;

    private static async Task<(int Code, string Error)> RunAsync(TemporaryFolder folder, string[] args)
    {
        var (output, error, place) = (Console.Out, Console.Error, Directory.GetCurrentDirectory());
        using var said = new StringWriter(CultureInfo.InvariantCulture) { NewLine = "\n" };
        try
        {
            Console.SetOut(TextWriter.Null);
            Console.SetError(said);
            Directory.SetCurrentDirectory(folder.Path);
            var code = await Task.Run(() => (int)typeof(Failures).Assembly.EntryPoint!.Invoke(null, [args])!);
            return (code, said.ToString());
        }
        finally
        {
            Directory.SetCurrentDirectory(place);
            Console.SetError(error);
            Console.SetOut(output);
        }
    }
}
