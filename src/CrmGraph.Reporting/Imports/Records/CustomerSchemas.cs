using CrmGraph.Reporting.Customers;
using CrmGraph.Reporting.Ingest;

namespace CrmGraph.Reporting.Imports.Records;

internal sealed class CustomerSchema : RecordSchema
{
    private readonly FieldDefinition _kind, _name, _email, _phone, _gender, _birthDate, _occupation, _industry, _country, _region, _city;
    private readonly FieldDefinition _acquisitionChannel, _lifecycleStage, _lifecycleStageSince, _tags, _interests, _owner, _createdAt;

    public CustomerSchema() : base("customer", RecordKind.Customer)
    {
        HasAttributes = true;
        AddKey(required: true);
        _kind = Add("kind", FieldType.Choice<CustomerKind>());
        _name = Add("name", FieldType.Text);
        _email = Add("email", FieldType.Text);
        _phone = Add("phone", FieldType.Text);
        _gender = Add("gender", FieldType.Choice<Gender>());
        _birthDate = Add("birthDate", FieldType.BirthDay);
        _occupation = Add("occupation", FieldType.Text);
        _industry = Add("industry", FieldType.Text);
        _country = Add("country", FieldType.Text);
        _region = Add("region", FieldType.Text);
        _city = Add("city", FieldType.Text);
        _acquisitionChannel = Add("acquisitionChannel", FieldType.Text);
        _lifecycleStage = Add("lifecycleStage", FieldType.Choice<LifecycleStage>());
        _lifecycleStageSince = Add("lifecycleStageSince", FieldType.Moment);
        _tags = Add("tags", FieldType.List);
        _interests = Add("interests", FieldType.List);
        _owner = AddReference("owner");
        _createdAt = Add("createdAt", FieldType.Moment);
    }

    public override void Build(RecordValues values, BatchBuilder batch) => batch.Batch.Customers.Add(new CustomerRecord
    {
        Origin = values.Line,
        Mode = values.Mode,
        Key = values.Key,
        MoreKeys = values.MoreKeys,
        CustomerKind = values.Choice<CustomerKind>(_kind),
        Name = values.Text(_name),
        Email = values.Text(_email),
        Phone = values.Text(_phone),
        Gender = values.OptionalChoice<Gender>(_gender),
        BirthDate = values.OptionalDay(_birthDate),
        Occupation = values.Text(_occupation),
        Industry = values.Text(_industry),
        Country = values.Text(_country),
        Region = values.Text(_region),
        City = values.Text(_city),
        AcquisitionChannel = values.Text(_acquisitionChannel),
        LifecycleStage = values.Choice<LifecycleStage>(_lifecycleStage),
        LifecycleStageSince = values.MomentOrNull(_lifecycleStageSince),
        Tags = values.List(_tags),
        Interests = values.List(_interests),
        Owner = values.OptionalReference(_owner),
        CreatedAt = values.Moment(_createdAt),
        Attributes = values.AttributeList(),
    });
}

internal sealed class TeamMemberSchema : RecordSchema
{
    private readonly FieldDefinition _name, _email, _manager, _team, _active;

    public TeamMemberSchema() : base("teamMember", RecordKind.TeamMember)
    {
        AddKey(required: true);
        _name = Add("name", FieldType.Text);
        _email = Add("email", FieldType.Text);
        _manager = AddReference("manager");
        _team = AddReference("team");
        _active = Add("active", FieldType.Flag);
    }

    public override void Build(RecordValues values, BatchBuilder batch) => batch.Batch.TeamMembers.Add(new TeamMemberRecord
    {
        Origin = values.Line,
        Mode = values.Mode,
        Key = values.Key,
        MoreKeys = values.MoreKeys,
        Name = values.Text(_name),
        Email = values.Text(_email),
        Manager = values.OptionalReference(_manager),
        Team = values.OptionalReference(_team),
        IsActive = values.Flag(_active),
    });
}

internal sealed class TeamSchema : RecordSchema
{
    private readonly FieldDefinition _name;

    public TeamSchema() : base("team", RecordKind.SalesTeam)
    {
        AddKey(required: true);
        _name = Add("name", FieldType.Text);
    }

    public override void Build(RecordValues values, BatchBuilder batch) => batch.Batch.SalesTeams.Add(new SalesTeamRecord
    {
        Origin = values.Line,
        Mode = values.Mode,
        Key = values.Key,
        MoreKeys = values.MoreKeys,
        Name = values.Text(_name),
    });
}
