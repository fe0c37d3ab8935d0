using CrmGraph.Data.Model;
using CrmGraph.TestKit;
using Xunit;

namespace CrmGraph.Reporting.Tests.Database;

/// <summary>The list of tables agrees with EF's model and with the triggers of both databases.</summary>
public sealed class TableTraitsTests
{
    [Fact]
    public async Task Every_table_of_the_model_is_in_the_list_with_its_columns()
    {
        await using var database = TestDatabase.Create(DatabaseKind.Sqlite);
        await using var context = database.CreateContext();
        var model = context.Model.GetEntityTypes().ToDictionary(e => (string)e.FindAnnotation("Relational:TableName")!.Value!);
        Assert.Equal(model.Keys.Order(StringComparer.Ordinal), Tables.All.Select(t => t.Name).Order(StringComparer.Ordinal));
        foreach (var table in Tables.All)
        {
            var entity = model[table.Name];
            Assert.Equal(entity.ClrType, table.Entity);
            var columns = entity.GetProperties().Select(p => SnakeCase.Lower(p.Name)).ToHashSet();
            Assert.Subset(columns, table.Key.Split('/').ToHashSet());
            Assert.Subset(columns, new[] { table.Customer, table.Day }.OfType<string>().ToHashSet());
            Assert.All(table.DatedColumns, d => Assert.Subset(columns, new HashSet<string> { d.Moment, d.Day }));
            // Which customer a fact belongs to changes; it is named by the rest of its key.
            var key = entity.FindPrimaryKey()!.Properties.Select(p => SnakeCase.Lower(p.Name)).ToHashSet();
            Assert.Subset(key, table.Key.Split('/').ToHashSet());
            Assert.Subset(new HashSet<string> { "customer_id" }, key.Except(table.Key.Split('/')).ToHashSet());
        }
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Triggers_keep_the_history_and_tell_the_changes_of_exactly_these_tables(DatabaseKind kind)
    {
        await using var database = TestDatabase.Create(kind);
        var triggers = await database.QueryAsync(kind == DatabaseKind.Postgres
            ? "select tgrelid::regclass::text, tgname::text from pg_trigger where not tgisinternal"
            : "select tbl_name, name from sqlite_master where type = 'trigger'");
        IEnumerable<string> With(string part) =>
            triggers.Where(t => ((string)t[1]!).Contains(part, StringComparison.Ordinal)).Select(t => (string)t[0]!).Distinct()
                .Order(StringComparer.Ordinal);

        Assert.Equal(
            Tables.With(TableTraits.Changes).Select(t => t.Name).Order(StringComparer.Ordinal),
            With(kind == DatabaseKind.Postgres ? "y_changes_" : "_changes_"));
        Assert.Equal(
            Tables.With(TableTraits.History).Select(t => t.Name).Order(StringComparer.Ordinal),
            With(kind == DatabaseKind.Postgres ? "z_history_" : "_history_"));
    }

    /// <summary>
    /// Every text of a customer and of its facts is erased with the person, but for these: what figures are grouped by, and what an import finds rows by.
    /// Whoever adds a text decides here.
    /// </summary>
    [Fact]
    public void Every_text_of_a_customer_is_personal_or_known_not_to_be()
    {
        string[] kept =
        [
            "contracts.currency", "contracts.plan", "customers.acquisition_channel", "customers.country", "customers.industry", "customers.region",
            "customers.search_text", "interactions.channel", "opportunities.channel", "opportunities.currency", "opportunities.loss_reason",
            "opportunities.stage",
            "opportunity_stages.stage", "order_lines.channel", "order_lines.currency", "order_payments.method", "order_payments.reference",
            "orders.channel", "orders.currency", "orders.number", "orders.shipping_country", "orders.shipping_region", "survey_answers.channel",
            "survey_answers.question", "tickets.channel", "tickets.topic",
        ];
        var texts = from table in Tables.OfCustomers
                    from property in table.Entity.GetProperties()
                    where property.PropertyType == typeof(string) || property.PropertyType == typeof(List<string>)
                    where !table.Personal.Contains(property)
                    select $"{table.Name}.{SnakeCase.Lower(property.Name)}";
        Assert.Equal(kept, texts.Order(StringComparer.Ordinal));
        Assert.All(Tables.All.Where(t => t.Personal.Count > 0), t => Assert.True(t.Has(TableTraits.PersonalText), t.Name));
        // What the database empties by one statement is text.
        Assert.All(Tables.All.Where(t => t.Customer != "id").SelectMany(t => t.Personal), p => Assert.Equal(typeof(string), p.PropertyType));
    }

    /// <summary>
    /// Users write what they like into what they save, a customer's name too: erasing takes it out of these (SavedCopies). Whoever adds a table of the
    /// company's own decides here whether its texts are searched.
    /// </summary>
    [Fact]
    public void Every_text_that_users_save_is_searched_for_a_person_or_known_not_to_be()
    {
        string[] searched =
        [
            "annotations.dimension_key", "annotations.text", "custom_metrics.condition", "custom_metrics.description", "custom_metrics.label",
            "custom_metrics.label_zh", "goals.condition", "goals.description", "goals.name",
            "report_definitions.broken_reason", "report_definitions.document",
            "report_definitions.title", "segments.broken_reason", "segments.definition", "segments.description", "segments.name",
        ];
        string[] kept =
        [
            "annotations.dimension", "campaign_spend.channel", "campaign_spend.currency", "campaigns.channel", "campaigns.name",
            "custom_metrics.favourable", "custom_metrics.formula", "custom_metrics.key", "exchange_rates.currency",
            "exchange_rates.quoted_in", "goals.metric", "products.category", "products.currency", "products.name", "products.sku", "report_definitions.key",
            "sales_teams.name", "segments.key", "settings.added_rollups", "settings.currency", "settings.reporting_zone",
            "team_members.email", "team_members.name",
        ];
        var texts = from table in Tables.With(TableTraits.History)
                    where table.Customer is null
                    from property in table.Entity.GetProperties()
                    where property.PropertyType == typeof(string)
                    select $"{table.Name}.{SnakeCase.Lower(property.Name)}";
        Assert.Equal(searched.Concat(kept).Order(StringComparer.Ordinal), texts.Order(StringComparer.Ordinal));
    }
}
