import Foundation
import Processes
import TestSupport
import Testing

@Suite(
    "A backup in a real storage",
    .enabled(if: VSN.unavailable == nil && S3Server.unavailable == nil && PostgresImage.unavailable == nil),
    .timeLimit(.minutes(5)))
struct BackupStorageTests {
    @Test("J4: every object is locked in the bucket, which is read back; one that is not locked is an incident")
    func locks() async throws {
        try await VSN.with { vsn in
            try await vsn.makeBackupKeys()
            try await vsn.publish("1.0.0")
            let bucket = try await S3Bucket(lockDays: 180, on: S3Server.shared())
            try vsn.commit("1.0.0", changes: try await vsn.savingTo(bucket))
            let deployed = try await vsn.fairlead("reconcile")
            #expect(deployed.status == 0, "\(deployed.text)\(deployed.errorTail)")
            for lockDays in [180, nil, nil] as [Int?] {
                // The owner of the bucket thinks better of it.
                try await bucket.setDefaultRetention(days: lockDays).checked()
                let doctor = try await vsn.fairlead("doctor").text
                let found = lockDays == nil ? "takes is not locked" : "locks what it takes until 20"
                #expect(doctor.contains("'offsite' \(found)"), "\(doctor)")
                let result = try await vsn.fairlead("backup", "now")
                #expect((result.status == 0) == (lockDays != nil), "\(result.text)\(result.errorTail)")
                #expect(result.text.contains("is not locked") == (lockDays == nil), "\(result.text)")
                let verified = try await vsn.fairlead("backup", "verify")
                #expect(verified.status == 0, "\(verified.text)\(verified.errorTail)")
                let open = try await vsn.fairlead("incidents", "--open").text
                #expect(open.contains("is not locked") == (lockDays == nil), "\(open)")
                // Neither it nor what comes later waits on this host for a lock that nobody gives.
                #expect(try vsn.spooledRuns() == [])
                #expect(!(result.text + result.errorTail + open).contains(try await bucket.key(of: "vsn1").secret))
            }
        }
    }

    @Test("J4: garbage over the newest run, by whoever has the host's key, is told from a backup")
    func overwritten() async throws {
        try await VSN.with { vsn in
            try await vsn.makeBackupKeys()
            try await vsn.publish("1.0.0")
            let bucket = try await S3Bucket(lockDays: 1, on: S3Server.shared())
            try vsn.commit("1.0.0", changes: try await vsn.savingTo(bucket, lock: "1d"))
            #expect(try await vsn.fairlead("reconcile").status == 0)
            #expect(try await vsn.fairlead("backup", "now").status == 0)
            let key = try await bucket.key(of: "vsn1")
            for version in try await bucket.versions("vsn1/").filter({ $0.key.hasSuffix(".0000") }) {
                try await bucket.put(version.key, Data(count: version.size), as: key).checked()
            }
            let verified = try await vsn.fairlead("backup", "verify")
            #expect(verified.status == 1)
            #expect(verified.text.contains("is not what was uploaded"), "\(verified.text)")
        }
    }

    @Test(
        "J4: a database that is written to all the time is whole in the backup, and missed nothing that was committed before"
    )
    func database() async throws {
        try await VSN.with { vsn in
            try await vsn.makeBackupKeys()
            try await vsn.deployDatabase()
            let database = PostgresDatabase("\(vsn.stack)-database", in: vsn.sandbox)
            try await database.waitUntilReady()
            try await database.fill()
            let before = try await database.underLoad {
                let count = try await database.transfers()
                let result = try await vsn.fairlead("backup", "now")
                #expect(result.status == 0, "\(result.text)\(result.errorTail)")
                return count
            }
            let out = "\(vsn.scratch.path)/out"
            try await vsn.unpack(try #require(try vsn.runs().first), volume: "database", to: out)
            let restored = try await PostgresDatabase.start("restored", data: out, in: vsn.sandbox)
            #expect(await restored.problems(transfers: before) == [])
        }
    }
}

extension VSN {
    /// The changes of a plan whose only backup target is `bucket`, whose key the host has in its own secrets.
    func savingTo(
        _ bucket: S3Bucket, lock: String = "180d", database: String = #"{"mode": "pause"}"#
    ) async throws -> String {
        var options = bucket.options(try await bucket.key(of: "vsn1"))
        let secret = options.updateValue("${secret:s3}", forKey: "secret_access_key") ?? ""
        try scratch.write(#"{"s3": "\#(secret)"}"#, to: "secrets.json")
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: "\(scratch.path)/secrets.json")
        try configure([
            "ageIdentity": "\(scratch.path)/age.key", "signingKey": "\(scratch.path)/signing",
            "secretsFile": "\(scratch.path)/secrets.json", "minimumFreeSpace": "1MiB",
        ])
        let written = String(decoding: try JSONSerialization.data(withJSONObject: options), as: UTF8.self)
        let target = #"{"rclone": \#(written), "path": "\#(bucket.name)/vsn1", "lock": "\#(lock)"}"#
        return try await backupChanges(database: database).replacing(/"targets": .*/) { _ in
            #""targets": {"offsite": \#(target)}},"#
        }
    }

    /// A stack of one real database.
    fileprivate func deployDatabase() async throws {
        try await PostgresImage.load(into: sandbox)
        let image = "\(registry.address)/acme/database:1.0.0"
        try await sandbox.podman("push", "--quiet", "--tls-verify=false", "localhost/database:1", image)
        let changes = try await backupChanges()
        try repo.write(
            "plan.json",
            """
            {"schemaVersion": 1, "stack": "\(stack)", "version": "1.0.0", "containers": {"database": {
              "image": "\(image)", "environment": {"POSTGRES_PASSWORD": "canary"}, "stopTimeout": "30s",
              "health": {"command": ["pg_isready"], "interval": "1s", "timeout": "3s", "retries": 120}}}}
            """)
        try repo.write("hosts/test.json", changes.replacing("\"/data\"", with: "\"/var/lib/postgresql/data\""))
        try repo.commit("Deploy a database")
        let deployed = try await fairlead("reconcile")
        #expect(deployed.status == 0, "\(deployed.text)\(deployed.errorTail)")
    }
}
