using CrmGraph.Server.Tests.Dashboard;
using CrmGraph.TestKit;
using Xunit;

[assembly: TestCollectionOrderer("CrmGraph.Server.Tests.TestOrder", "CrmGraph.Server.Tests")]

namespace CrmGraph.Server.Tests;

public sealed class TestOrder() : LongestFirst(DashboardPagesCollection.Name);
