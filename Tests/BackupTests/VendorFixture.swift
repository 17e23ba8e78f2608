import Foundation
import HostSupport
import HostSystem
import Model
import Processes
import TestSupport

@testable import Backup

extension BackedUpHost {
    /// A directory as the vendor's storage.
    var vendorStore: String { "\(fixture.scratch.path)/vendor" }
    var vendorKey: String { "\(fixture.scratch.path)/vendor-key" }
    /// The vendor's copy of what a new installation begins with.
    var vanilla: String { "\(vendorStore)/releases/1.0.0/vanilla" }
    /// The customer's.
    var vanillaCopy: String { "\(store)/acme/releases/1.0.0/vanilla" }
    var filesCopy: String { "\(store)/acme/releases/1.0.0/files" }

    /// Gives the plan a vendor, and packs what the vendor has: data directories and a tree of files, by their paths.
    mutating func useVendor(
        vanilla: [String: String] = [:], files: String? = nil, version: String = "1.0.0"
    ) async throws {
        if !FileManager.default.fileExists(atPath: vendorKey) { _ = try await Self.signingKey(vendorKey) }
        let key = try content("\(vendorKey).pub").split(separator: " ").prefix(2).joined(separator: " ")
        let target = BackupTarget(store: .directory(vendorStore, local: true))
        plan.backup?.vendor = VendorPlan(target: target, signers: [key])
        try FileManager.default.createDirectory(atPath: vendorStore, withIntermediateDirectories: true)
        guard !vanilla.isEmpty || files != nil else { return }
        _ = try await ReleasePack(version: version, key: vendorKey, partSize: ByteCount(bytes: 1 << 20))
            .pack(vanilla: vanilla, files: files, to: vendorStore)
    }

    /// A directory with one file, for the vendor to pack.
    func tree(_ name: String, _ file: String, _ text: String) throws -> String {
        try fixture.scratch.write(text, to: "\(name)/\(file)")
        return "\(fixture.scratch.path)/\(name)"
    }
}
