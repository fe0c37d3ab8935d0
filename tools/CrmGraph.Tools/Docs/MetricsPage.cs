using System.Globalization;
using System.Text;
using CrmGraph.Data.Model;
using CrmGraph.Reporting.Metrics.Definitions;

namespace CrmGraph.Tools.Docs;

/// <summary><c>docs/metrics.md</c>, made of the catalogue: a new metric brings its entry along.</summary>
public static class MetricsPage
{
    public static string Print()
    {
        var page = new StringBuilder("""
            # Metrics 指标

            Every metric of `metricCatalog`: its formula in English and Chinese, its unit, how its values add up, what it shows where nothing happened, by what it can be grouped, and its
            arguments. Every metric also takes `where` ([using](using.md)). This page is made by `crmgraph docs metrics`.

            每个指标的公式（中英文）、单位、可加性、无数据时的显示、可用的分组维度与参数。所有指标都可以用 `where` 加条件。

            ```graphql
            { metrics(period: {last: {count: 12, unit: MONTH}}, grain: MONTH) { rows { bucket { label } revenue { value currency reason } } } }
            ```

            | Metric 指标 | English | 中文 | Unit 单位 |
            |---|---|---|---|

            """);
        foreach (var metric in MetricCatalog.All)
            page.Append(
                CultureInfo.InvariantCulture, $"| [`{metric.Key}`](#{Anchor(metric)}) | {metric.English} | {metric.Chinese} | {metric.Unit} |\n");
        foreach (var metric in MetricCatalog.All)
            Append(page, metric);
        return page.ToString().ReplaceLineEndings("\n");
    }

    private static void Append(StringBuilder page, MetricDefinition metric)
    {
        page.Append(CultureInfo.InvariantCulture, $"""

            ## {metric.Key}

            **{metric.English}** ({metric.Requirement}). {metric.Formula}

            **{metric.Chinese}**。{metric.Formulas[1].Text}

            - Adds up 可加性: {Name(metric.Additivity)}. Where nothing happened 无数据时: {Name(metric.EmptyRule)}. Good news 利好方向: {Name(metric.Favourable)}.
            - By 维度: {string.Join(", ", metric.Dimensions.Select(d => $"`{SnakeCase.Upper(d.ToString())}`"))}
            - Grains 粒度: {string.Join(", ", metric.Grains.Select(g => $"`{SnakeCase.Upper(g.ToString())}`"))}

            """);
        foreach (var parameter in metric.Parameters)
            page.Append(
                CultureInfo.InvariantCulture, $"- Argument 参数 `{parameter.Name}: {parameter.Values switch
                {
                    { } values => string.Join(" | ", values),
                    null => "Int",
                }} = {parameter.Default}`: {parameter.Description}\n");
    }

    private static string Anchor(MetricDefinition metric) => metric.Key.ToLowerInvariant();

    private static string Name(Enum value) => $"`{SnakeCase.Upper(value.ToString())}`";
}
