using CrmGraph.Data.Model;
using CrmGraph.Reporting.Ingest;

namespace CrmGraph.Reporting.Imports.Records;

internal sealed class CustomerSchema : RecordSchema
{
    private readonly FieldDefinition _kind, _name, _email, _phone, _gender, _birthDate, _occupation, _industry, _country, _region, _city;
    private readonly FieldDefinition _acquisitionChannel, _lifecycleStage, _lifecycleStageSince, _tags, _addTags, _interests, _owner, _createdAt;

    public CustomerSchema() : base("customer", RecordKind.Customer)
    {
        HasAttributes = true;
        AddKey(required: true);
        _kind = Add("kind", FieldType.Choice<CustomerKind>());
        _name = Add("name", FieldType.Text);
        _email = Add("email", FieldType.Text, clearable: true);
        _phone = Add("phone", FieldType.Text, clearable: true);
        _gender = Add("gender", FieldType.Choice<Gender>(), clearable: true);
        _birthDate = Add("birthDate", FieldType.BirthDay, clearable: true);
        _occupation = Add("occupation", FieldType.Text, clearable: true);
        _industry = Add("industry", FieldType.Text, clearable: true);
        _country = Add("country", FieldType.Text, clearable: true);
        _region = Add("region", FieldType.Text, clearable: true);
        _city = Add("city", FieldType.Text, clearable: true);
        _acquisitionChannel = Add("acquisitionChannel", FieldType.Text, clearable: true);
        _lifecycleStage = Add("lifecycleStage", FieldType.Choice<LifecycleStage>());
        _lifecycleStageSince = Add("lifecycleStageSince", FieldType.Moment);
        _tags = Add("tags", FieldType.List, clearable: true);
        _addTags = Add("addTags", FieldType.List);
        _interests = Add("interests", FieldType.List, clearable: true);
        _owner = AddReference("owner", clearable: true);
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
        AddTags = values.List(_addTags).Value,
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
        _email = Add("email", FieldType.Text, clearable: true);
        _manager = AddReference("manager", clearable: true);
        _team = AddReference("team", clearable: true);
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
