using ArchUnitNET.Domain;
using ArchUnitNET.Loader;
using CrmGraph.Data.Model;
using CrmGraph.GraphQL;
using CrmGraph.Reporting;
using Xunit;

namespace CrmGraph.Server.Tests.Architecture;

/// <summary>Which folder of a project may use which, by the symbols of the built code. Files directly in a project's folder put all together and are free.</summary>
public sealed class RoomTests
{
    /// <summary>From the ground up: a folder may use those named beside it, which stand above it here, and those of the projects below its own.</summary>
    private static readonly (string Room, string[] MayUse)[] Rooms =
    [
        ("CrmGraph.GraphQL.Errors", []),
        ("CrmGraph.GraphQL.Language", ["Errors"]),
        ("CrmGraph.GraphQL.Types", ["Errors", "Language"]),
        ("CrmGraph.GraphQL.Coercion", ["Errors", "Language", "Types"]),
        ("CrmGraph.GraphQL.Validation", ["Errors", "Language", "Types"]),
        ("CrmGraph.GraphQL.Sdl", ["Errors", "Language", "Types", "Validation"]),
        ("CrmGraph.GraphQL.Planning", ["Errors", "Language", "Types", "Coercion", "Validation"]),
        ("CrmGraph.GraphQL.Documents", ["Errors", "Language", "Types", "Planning"]),
        ("CrmGraph.GraphQL.Costs", ["Errors", "Language", "Types", "Coercion", "Planning"]),
        ("CrmGraph.GraphQL.Execution", ["Errors", "Language", "Types", "Planning", "Costs"]),
        ("CrmGraph.GraphQL.Annotations", ["Errors", "Language", "Types", "Coercion", "Validation", "Planning", "Execution"]),
        ("CrmGraph.GraphQL.Diagnostics", ["Errors", "Language", "Types", "Planning", "Costs", "Execution"]),
        ("CrmGraph.GraphQL.Admission", ["Errors", "Types", "Diagnostics"]),
        ("CrmGraph.GraphQL.Transport", ["Errors", "Language", "Types", "Coercion", "Planning", "Documents", "Costs", "Execution", "Admission"]),

        ("CrmGraph.Data.Changes", []),
        ("CrmGraph.Data.Model", []),
        ("CrmGraph.Data.Database", ["Changes", "Model"]),
        ("CrmGraph.Data.Statements", ["Database", "Model"]),

        ("CrmGraph.Reporting.Access", []),
        ("CrmGraph.Reporting.Querying", ["Access"]),
        ("CrmGraph.Reporting.Ingest", ["Access", "Querying"]),
        ("CrmGraph.Reporting.Imports", ["Access", "Ingest"]),
        ("CrmGraph.Reporting.Company", ["Access", "Querying", "Ingest"]),
        ("CrmGraph.Reporting.Customers", ["Access", "Querying", "Ingest"]),
        ("CrmGraph.Reporting.Marketing", ["Access", "Querying", "Ingest"]),
        ("CrmGraph.Reporting.Team", ["Access", "Querying", "Ingest"]),
        ("CrmGraph.Reporting.Sales", ["Access", "Querying", "Ingest", "Customers"]),
        ("CrmGraph.Reporting.Service", ["Access", "Querying", "Ingest", "Customers", "Sales"]),
        ("CrmGraph.Reporting.Segments", ["Access", "Querying"]),
        ("CrmGraph.Reporting.Metrics", ["Access", "Querying", "Segments"]),
        ("CrmGraph.Reporting.Analyses", ["Access", "Querying", "Segments", "Metrics"]),
        ("CrmGraph.Reporting.Goals", ["Access", "Querying", "Metrics"]),
        ("CrmGraph.Reporting.Live", ["Access", "Querying", "Metrics"]),
        ("CrmGraph.Reporting.Reports", ["Access", "Querying", "Segments", "Metrics", "Live"]),
        ("CrmGraph.Reporting.Formulas", ["Access", "Querying", "Metrics", "Goals", "Reports"]),
        ("CrmGraph.Reporting.Health", ["Querying", "Metrics", "Live", "Reports"]),
        ("CrmGraph.Reporting.Exports", []),
        ("CrmGraph.Reporting.Demo", ["Querying", "Ingest", "Segments"]),

        ("CrmGraph.Server.Errors", []),
        ("CrmGraph.Server.Access", ["Errors"]),
        ("CrmGraph.Server.Hosting", ["Errors", "Access"]),
        ("CrmGraph.Server.Endpoints", ["Errors", "Access", "Hosting"]),
        ("CrmGraph.Server.Pages", ["Access", "Hosting", "Endpoints"]),
    ];

    private static readonly ArchUnitNET.Domain.Architecture Code = new ArchLoader()
        .LoadAssemblies(typeof(GraphQLRequest).Assembly, typeof(CrmDbContext).Assembly, typeof(CrmSchema).Assembly, typeof(CrmServer).Assembly).Build();

    [Fact]
    public void Folders_use_only_the_folders_that_stand_beside_them()
    {
        var allowed = Rooms.ToDictionary(r => r.Room, r => r.MayUse.Select(name => ProjectOf(r.Room) + "." + name).Append(r.Room).ToHashSet());
        var strays = from type in Code.Types
                     let room = RoomOf(type)
                     where room is not null && allowed.ContainsKey(room)
                     from used in UsedBy(type)
                     let other = RoomOf(used)
                     where other is not null && ProjectOf(other) == ProjectOf(room) && !allowed[room].Contains(other)
                     // The array of a type parameter counts there as the first method's that was read, whoever has one.
                     where !used.FullName.StartsWith("T[]", StringComparison.Ordinal)
                     select $"{type.FullName} uses {used.FullName}";
        if (strays.Distinct().ToList() is { Count: > 0 } found)
            Assert.Fail(string.Join('\n', found));
    }

    /// <summary>Folders of a room from the ground up: each uses those before it. The dot is what stands directly in the room's folder.</summary>
    [Theory]
    [InlineData("Metrics", "Rollups Facts Definitions Planning Reading Assembling Listing .")]
    [InlineData(
        "Analyses",
        "Numerics . Series Abc Anomalies Baskets Behaviour Cohorts Distributions Explanations Forecasts Funnels LifetimeValue Relations Rfm Scores")]
    [InlineData("Ingest", "Records Fields Batches Applying Orders Saving Customers . Mutations")]
    [InlineData("Querying", ". Calendar Lookups Filters Sorting Dialects Paging Aggregates")]
    public void Full_rooms_are_read_from_the_ground_up(string room, string folders)
    {
        var floors = folders.Split(' ');
        var strays = from type in Code.Types
                     let floor = FloorOf(type)
                     where floor >= 0
                     from used in UsedBy(type)
                     where FloorOf(used) > floor
                     select $"{type.FullName} uses {used.FullName}";
        if (strays.Distinct().ToList() is { Count: > 0 } found)
            Assert.Fail(string.Join('\n', found));

        int FloorOf(IType type) => type.Namespace?.FullName.Split('.') is ["CrmGraph", "Reporting", var name, .. var rest] && name == room
            ? Array.IndexOf(floors, rest is [] ? "." : string.Concat(rest))
            : -1;
    }

    [Fact]
    public void The_table_has_every_folder_once_and_no_circle()
    {
        var seen = new HashSet<string>();
        foreach (var (room, mayUse) in Rooms)
        {
            Assert.All(mayUse, name => Assert.Contains(ProjectOf(room) + "." + name, seen));
            Assert.True(seen.Add(room), room);
        }

        var folders = from project in Rooms.Select(r => ProjectOf(r.Room)).Distinct()
                      from folder in Directory.GetDirectories(Repository.PathOf("src", project))
                      where Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories).Any() && Path.GetFileName(folder) is not ("bin" or "obj")
                      select project + "." + Path.GetFileName(folder);
        Assert.Equal(seen.Order(StringComparer.Ordinal), folders.Order(StringComparer.Ordinal));
    }

    /// <summary>The folder below a project's; null for what stands in the project's own folder, or elsewhere.</summary>
    private static string? RoomOf(IType type) =>
        type.Namespace?.FullName.Split('.') is ["CrmGraph", var project, var folder, ..] ? $"CrmGraph.{project}.{folder}" : null;

    /// <summary>Without parameters of generic types and methods: those of one name are taken for one.</summary>
    private static IEnumerable<IType> UsedBy(IType type) => type.Dependencies.Select(d => d.Target).Where(t => t is not GenericParameter).Distinct();

    private static string ProjectOf(string room) => room[..room.LastIndexOf('.')];
}
