using System.Text.RegularExpressions;
using System.Xml.Linq;
using Xunit;

namespace CrmGraph.Server.Tests.Architecture;

/// <summary>Which project may reference which, and what each may not know. Which folder may use which: <see cref="RoomTests"/>.</summary>
public sealed partial class ReferenceTests
{
    private static readonly Dictionary<string, string[]> Projects = new()
    {
        ["CrmGraph.GraphQL"] = [],
        ["CrmGraph.Data"] = ["CrmGraph.GraphQL"],
        ["CrmGraph.Reporting"] = ["CrmGraph.Data", "CrmGraph.GraphQL"],
        // What its pages show comes through operations: it knows the engine, and neither the product nor the database.
        ["CrmGraph.Dashboard"] = ["CrmGraph.GraphQL"],
        ["CrmGraph.Server"] = ["CrmGraph.Dashboard", "CrmGraph.Reporting", "CrmGraph.GraphQL"],
        ["CrmGraph.Tools"] = ["CrmGraph.Reporting", "CrmGraph.GraphQL"],
        // The engine's tests build without the product.
        ["CrmGraph.GraphQL.TestKit"] = ["CrmGraph.GraphQL"],
        ["CrmGraph.GraphQL.Tests"] = ["CrmGraph.GraphQL.TestKit", "CrmGraph.GraphQL"],
    };

    [Fact]
    public void Every_project_references_only_what_stands_below_it()
    {
        foreach (var file in Repository.Files("src", "*.csproj").Concat(Repository.Files("tools", "*.csproj"))
            .Concat(Repository.Files("tests", "CrmGraph.GraphQL.*.csproj")))
        {
            var name = Path.GetFileNameWithoutExtension(file);
            Assert.True(Projects.TryGetValue(name, out var allowed), $"{name} has no row in this test's table.");
            var references = XDocument.Load(file).Descendants("ProjectReference")
                .Select(r => Path.GetFileNameWithoutExtension(((string?)r.Attribute("Include"))!.Replace('\\', '/')));
            Assert.Empty(references.Except(allowed!));
        }
    }

    [Fact]
    public void The_engine_knows_no_database_and_no_web_framework()
    {
        var packages = XDocument.Load(Repository.PathOf("src", "CrmGraph.GraphQL", "CrmGraph.GraphQL.csproj")).Descendants("PackageReference")
            .Where(p => (string?)p.Attribute("PrivateAssets") != "all").Select(p => (string?)p.Attribute("Include"));
        Assert.Equal(["Microsoft.Extensions.DependencyInjection.Abstractions"], packages);
        Assert.All(
            Repository.Files("src/CrmGraph.GraphQL", "*.cs"),
            file => Assert.DoesNotMatch("EntityFrameworkCore|Npgsql|Sqlite|AspNetCore", File.ReadAllText(file)));
    }

    [Fact]
    public void What_differs_between_the_databases_lives_in_the_database_folder_and_the_dialects_of_lists()
    {
        var strays = from file in Repository.Files("src/CrmGraph.Reporting", "*.cs").Concat(Repository.Files("src/CrmGraph.Data/Statements", "*.cs"))
                     where !Repository.Relative(file).StartsWith("src/CrmGraph.Reporting/Querying/Dialects/", StringComparison.Ordinal)
                     from line in File.ReadLines(file).Index()
                     where EngineDifference().IsMatch(line.Item) && !line.Item.TrimStart().StartsWith("//", StringComparison.Ordinal)
                     select $"{Repository.Relative(file)}:{line.Index + 1}: {line.Item.Trim()}";
        Assert.Empty(strays);
    }

    [GeneratedRegex(@"\bIsSqlite\(|\bIsNpgsql\(|\bUseSqlite\(|\bUseNpgsql\(|\bNpgsql[A-Z]\w*|\bSqlite(Connection|Exception|Command|Parameter)\b|"
        + @"\bPRAGMA\b|pg_\w+\(|using Npgsql|using Microsoft\.Data\.Sqlite|(is|as) (Sqlite|Postgres)Engine\b")]
    private static partial Regex EngineDifference();
}
