using CrmGraph.Reporting.Ingest.Fields;
using CrmGraph.Reporting.Ingest.Records;

namespace CrmGraph.Reporting.Imports.Records;

internal sealed class CustomerSchema : TableSchema<CustomerRecord>
{
    public CustomerSchema() : base("customer", RecordKind.Customer, RecordFields.Customers.Fields, batch => batch.Customers)
    {
        HasAttributes = true;
        Set(r => r.Attributes, values => values.AttributeList());
    }
}
