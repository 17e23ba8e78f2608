internal import GRDB

/// The tables of the journal. A migration that was released is never edited: add another.
enum JournalSchema {
    static let migrator: DatabaseMigrator = {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1") { try $0.execute(sql: first) }
        migrator.registerMigration("2 incidents") { try $0.execute(sql: incidents) }
        migrator.registerMigration("3 drift") { try $0.execute(sql: drift) }
        migrator.registerMigration("4 plans") { try $0.execute(sql: plans) }
        migrator.registerMigration("5 copies before a deployment") { try $0.execute(sql: snapshots) }
        migrator.registerMigration("6 evidence") { try $0.execute(sql: EvidenceChain.schema) }
        migrator.registerMigration("7 signers in the evidence") { try $0.execute(sql: EvidenceTable.coverRotations) }
        migrator.registerMigration("8 operators in the evidence") { try $0.execute(sql: EvidenceTable.coverActs) }
        migrator.registerMigration("9 final rows in the evidence") { try $0.execute(sql: EvidenceTable.keepFixed) }
        return migrator
    }()

    /// Times are milliseconds since 1970; columns named after a record type hold its JSON.
    private static let first = """
        CREATE TABLE deployment (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            commitID TEXT,
            version TEXT NOT NULL,
            planDigest TEXT NOT NULL,
            trigger TEXT NOT NULL,
            changes TEXT NOT NULL,
            started INTEGER NOT NULL,
            ended INTEGER,
            outcome TEXT,
            error TEXT,
            hint TEXT,
            downtimeMilliseconds INTEGER
        ) STRICT;
        CREATE INDEX deploymentOfCommit ON deployment(commitID);
        CREATE TABLE step (
            id INTEGER PRIMARY KEY,
            deployment INTEGER NOT NULL REFERENCES deployment ON DELETE CASCADE,
            step TEXT NOT NULL,
            started INTEGER NOT NULL,
            ended INTEGER,
            error TEXT
        ) STRICT;
        CREATE INDEX stepOfDeployment ON step(deployment);
        CREATE TABLE containerPhase (
            id INTEGER PRIMARY KEY,
            deployment INTEGER NOT NULL REFERENCES deployment ON DELETE CASCADE,
            container TEXT NOT NULL,
            phase TEXT NOT NULL,
            time INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX containerPhaseOfDeployment ON containerPhase(deployment);
        CREATE TABLE containerImage (
            deployment INTEGER NOT NULL REFERENCES deployment ON DELETE CASCADE,
            container TEXT NOT NULL,
            imageID TEXT NOT NULL,
            storedImage TEXT NOT NULL,
            PRIMARY KEY (deployment, container)
        ) STRICT;
        CREATE TABLE seenCommit (
            ordinal INTEGER PRIMARY KEY AUTOINCREMENT,
            id TEXT NOT NULL UNIQUE,
            details TEXT NOT NULL,
            seen INTEGER NOT NULL,
            servedBy TEXT NOT NULL,
            verdict TEXT NOT NULL,
            note TEXT,
            deployment INTEGER REFERENCES deployment ON DELETE SET NULL
        ) STRICT;
        CREATE INDEX seenCommitOfDeployment ON seenCommit(deployment);
        CREATE TABLE failedPlan (
            planDigest TEXT PRIMARY KEY,
            commitID TEXT NOT NULL,
            lastAttempt INTEGER NOT NULL,
            failedPlan TEXT NOT NULL
        ) STRICT;
        CREATE TABLE stableImage (
            id TEXT PRIMARY KEY,
            synced INTEGER NOT NULL
        ) STRICT;
        CREATE TABLE savedValue (
            name TEXT PRIMARY KEY,
            value TEXT NOT NULL
        ) STRICT;
        """

    /// `cause` tells an incident that Fairlead opened from the same one again; `spoolFile` keeps an import from being
    /// done twice; `mail` is NULL when Fairlead has none to queue.
    private static let incidents = """
        CREATE TABLE incidentEvent (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            incident TEXT NOT NULL,
            event TEXT NOT NULL,
            kind TEXT NOT NULL,
            subject TEXT NOT NULL,
            time INTEGER NOT NULL,
            since INTEGER NOT NULL,
            cause TEXT,
            incidentDetails TEXT NOT NULL,
            spoolFile TEXT UNIQUE,
            mail TEXT
        ) STRICT;
        CREATE INDEX incidentEventOfIncident ON incidentEvent(incident);
        """

    /// What a deployment was to deploy, for people to read.
    private static let plans = """
        CREATE TABLE deploymentPlan (
            deployment INTEGER PRIMARY KEY REFERENCES deployment ON DELETE CASCADE,
            planDocument TEXT NOT NULL
        ) STRICT;
        """

    private static let drift = """
        CREATE TABLE drift (
            id INTEGER PRIMARY KEY,
            subject TEXT NOT NULL,
            kind TEXT NOT NULL,
            finding TEXT NOT NULL,
            found INTEGER NOT NULL,
            gone INTEGER
        ) STRICT;
        CREATE INDEX containerCreation ON containerPhase(container, deployment) WHERE phase = 'created';
        """

    private static let snapshots = """
        ALTER TABLE deployment ADD COLUMN snapshot TEXT;
        ALTER TABLE deployment ADD COLUMN restored TEXT;
        """
}
