import Foundation
import HostSystem
import Model
import TestSupport

@testable import Backup

/// A host whose data directory `files` is saved with restic.
enum ResticHost {
    static let unavailable = BackedUpHost.unavailable ?? TestProgram.missingForRoot("restic")

    static func with(_ body: (inout BackedUpHost) async throws -> Void) async throws {
        try await BackedUpHost.with { host in
            host.plan.containers["web"]?.volumes[1].backup = VolumeBackup(mode: .live, engine: .restic)
            try await body(&host)
        }
    }
}

extension BackedUpHost {
    /// With what does not compress.
    func fill(_ file: String, megabytes: Int) throws {
        let path = "\(stackDirectory)/\(file)"
        let directory = URL(filePath: path).deletingLastPathComponent()
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        try TestProgram("dd", ["if=/dev/urandom", "of=\(path)", "bs=1M", "count=\(megabytes)", "status=none"]).run()
    }

    /// In the storage.
    func bytes(of run: BackupRunID) throws -> Int {
        try FileManager.default.contentsOfDirectory(atPath: path(of: run)).reduce(0) { sum, name in
            try sum + size(of: "\(path(of: run))/\(name)")
        }
    }

    func size(of file: String) throws -> Int {
        try FileManager.default.attributesOfItem(atPath: file)[.size] as? Int ?? 0
    }

    func manifest(of run: BackupRunID) async throws -> BackupManifest {
        guard case .listed(let manifest, _) = try await known(run).state else {
            throw TestProgramFailure("run \(run) is not valid")
        }
        return manifest
    }

    /// What reading it back finds.
    func problems(of run: BackupRunID, secrets: Secrets = Secrets()) async throws -> [String] {
        try await backups().verify(known(run, secrets), of: plan, secrets: secrets)
    }

    private func known(_ run: BackupRunID, _ secrets: Secrets = Secrets()) async throws -> Backups.KnownRun {
        let runs = try await backups().runs(of: plan, secrets: secrets, limit: 100).found
        guard let known = runs.first(where: { $0.run == run }) else { throw TestProgramFailure("no run \(run)") }
        return known
    }
}
