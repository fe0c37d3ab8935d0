using CrmGraph.Reporting.Ingest;

namespace CrmGraph.Reporting.Imports.Records;

internal sealed class CustomerSchema : TableSchema<CustomerRecord>
{
    public CustomerSchema() : base("customer", RecordKind.Customer, RecordFields.Customers.Fields, batch => batch.Customers)
    {
        HasAttributes = true;
        Set(r => r.Attributes, values => values.AttributeList());
    }
}
