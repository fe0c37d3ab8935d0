using CrmGraph.Reporting.Tests.Formulas;
using CrmGraph.Reporting.Tests.Live;
using CrmGraph.Reporting.Tests.Metrics;
using CrmGraph.Reporting.Tests.Metrics.Rollups;
using CrmGraph.Reporting.Tests.Querying.Filters;
using CrmGraph.Reporting.Tests.Querying.Paging;
using CrmGraph.Reporting.Tests.Statements;
using CrmGraph.TestKit;
using Xunit;

[assembly: TestCollectionOrderer("CrmGraph.Reporting.Tests.TestOrder", "CrmGraph.Reporting.Tests")]

namespace CrmGraph.Reporting.Tests;

public sealed class TestOrder() : LongestFirst(
    nameof(MetricOracleTests),
    nameof(LiveMemoryTests),
    nameof(KeysetPagerTests),
    nameof(FilterOracleTests),
    nameof(RollupTests),
    nameof(TopGroupsTests),
    nameof(PreparedStatementTests),
    nameof(CustomMetricOracleTests));
