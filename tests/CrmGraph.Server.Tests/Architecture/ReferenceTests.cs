using System.Text.RegularExpressions;
using System.Xml.Linq;
using Xunit;

namespace CrmGraph.Server.Tests.Architecture;

/// <summary>Who may reference whom: projects by their files, folders of the product by the namespaces that their files name.</summary>
public sealed partial class ReferenceTests
{
    private static readonly Dictionary<string, string[]> Projects = new()
    {
        ["CrmGraph.GraphQL"] = [],
        ["CrmGraph.Reporting"] = ["CrmGraph.GraphQL"],
        ["CrmGraph.Server"] = ["CrmGraph.Reporting", "CrmGraph.GraphQL"],
        ["CrmGraph.Tools"] = ["CrmGraph.Reporting", "CrmGraph.GraphQL"],
    };

    private static readonly string[] Entities = ["Customers", "Sales", "Service", "Marketing", "Team"];

    /// <summary>What the files of a folder of CrmGraph.Reporting must not name. A folder that is not listed is free.</summary>
    private static readonly Dictionary<string, string[]> Forbidden = new()
    {
        ["Querying"] = [.. Entities, "Segments", "Metrics", "Reports", "Live", "Imports", "Exports", "Quality", "Ingest"],
        // It knows the entities, saved documents among them, because it decides which of their rows a caller sees.
        ["Access"] = ["Metrics", "Live", "Imports", "Exports", "Quality", "Ingest"],
        ["Segments"] = ["Metrics", "Reports", "Live", "Imports", "Exports", "Quality"],
        ["Metrics"] = ["Reports", "Live", "Imports", "Exports", "Quality", "Ingest"],
        // Writers tell of their commits (Live) and know nothing of what is computed from them.
        ["Ingest"] = ["Metrics", "Reports", "Imports", "Exports", "Quality"],
        ["Imports"] = ["Metrics", "Reports", "Segments", "Live", "Exports", "Quality"],
        ["Company"] = ["Metrics", "Reports", "Segments", "Imports", "Exports", "Quality"],
        // The generator fills an empty database by itself; the living company writes as everybody does, through Ingest.
        ["Demo"] = ["Metrics", "Reports", "Live", "Imports", "Exports", "Quality"],
        ["Live"] = ["Reports", "Imports", "Exports", "Quality", "Ingest"],
        ["Exports"] = [.. Entities, "Metrics", "Reports", "Live", "Imports", "Quality"],
    };

    [Fact]
    public void Every_project_references_only_what_stands_below_it()
    {
        foreach (var file in Repository.Files("src", "*.csproj").Concat(Repository.Files("tools", "*.csproj")))
        {
            var name = Path.GetFileNameWithoutExtension(file);
            Assert.True(Projects.TryGetValue(name, out var allowed), $"{name} has no row in this test's table.");
            var references = XDocument.Load(file).Descendants("ProjectReference").Select(r => Path.GetFileNameWithoutExtension(((string?)r.Attribute("Include"))!.Replace('\\', '/')));
            Assert.Empty(references.Except(allowed!));
        }
    }

    [Fact]
    public void The_engine_knows_no_database_and_no_web_framework()
    {
        var packages = XDocument.Load(Repository.PathOf("src", "CrmGraph.GraphQL", "CrmGraph.GraphQL.csproj")).Descendants("PackageReference").Select(p => (string?)p.Attribute("Include"));
        Assert.Equal(["Microsoft.Extensions.DependencyInjection.Abstractions"], packages);
        Assert.All(Repository.Files("src/CrmGraph.GraphQL", "*.cs"), file => Assert.DoesNotMatch("EntityFrameworkCore|Npgsql|Sqlite|AspNetCore", File.ReadAllText(file)));
    }

    [Fact]
    public void Folders_of_the_product_name_only_folders_below_them()
    {
        var strays = from folder in Forbidden
                     where Directory.Exists(Repository.PathOf("src", "CrmGraph.Reporting", folder.Key))
                     from file in Repository.Files("src/CrmGraph.Reporting/" + folder.Key, "*.cs")
                     from used in ProductNamespace().Matches(File.ReadAllText(file)).Select(m => m.Groups[1].Value).Distinct()
                     where folder.Value.Contains(used)
                     select $"{Repository.Relative(file)} names {used}";
        Assert.Empty(strays);
    }

    [Fact]
    public void What_differs_between_the_databases_lives_in_the_database_folder()
    {
        var strays = from file in Repository.Files("src/CrmGraph.Reporting", "*.cs")
                     where !Repository.Relative(file).StartsWith("src/CrmGraph.Reporting/Database/", StringComparison.Ordinal)
                     from line in File.ReadLines(file).Index()
                     where EngineDifference().IsMatch(line.Item) && !line.Item.TrimStart().StartsWith("//", StringComparison.Ordinal)
                     select $"{Repository.Relative(file)}:{line.Index + 1}: {line.Item.Trim()}";
        Assert.Empty(strays);
    }

    [GeneratedRegex(@"CrmGraph\.Reporting\.([A-Z]\w+)")]
    private static partial Regex ProductNamespace();

    [GeneratedRegex(@"\bIsSqlite\(|\bIsNpgsql\(|\bUseSqlite\(|\bUseNpgsql\(|\bNpgsql[A-Z]\w*|\bSqlite(Connection|Exception|Command|Parameter)\b|\bPRAGMA\b|pg_\w+\(|using Npgsql|using Microsoft\.Data\.Sqlite|(is|as) (Sqlite|Postgres)Engine\b")]
    private static partial Regex EngineDifference();
}
