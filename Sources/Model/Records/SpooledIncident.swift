/// An event in a file that the health check's script left for the journal.
public struct SpooledIncident: Hashable, Sendable {
    /// The name of the file; names are never used twice.
    public var file: String
    public var event: IncidentEvent

    public init(file: String, event: IncidentEvent) {
        self.file = file
        self.event = event
    }
}

/// What the spool holds.
public struct SpoolContent: Sendable {
    /// A file that cannot be understood.
    public struct Damage: Hashable, Sendable {
        public var file: String
        public var reason: String

        public init(file: String, reason: String) {
            self.file = file
            self.reason = reason
        }
    }

    /// The oldest first.
    public var incidents: [SpooledIncident]
    public var damaged: [Damage]

    public init(incidents: [SpooledIncident] = [], damaged: [Damage] = []) {
        self.incidents = incidents
        self.damaged = damaged
    }
}
