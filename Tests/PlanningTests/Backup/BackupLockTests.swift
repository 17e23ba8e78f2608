import Testing

/// J4: a lock that cannot be read back is refused where it is written.
@Suite("The lock of a backup target")
struct BackupLockTests {
    private static let key = "age1dk4vwmketjs3e5jcx7e9ztgwudqxur3alzwcv9pmga4343p003sqpdlk5u"

    private func problems(_ target: String) throws -> [String] {
        let backup = #"{"recipients": ["\#(Self.key)"], "targets": {"a": {\#(target)}}}"#
        return try MemoryTree(web: #""stopTimeout": "5s""#, more: #""backup": \#(backup)"#).problems()
    }

    @Test(
        "is an error for every store whose locks nobody can read, with what to write instead",
        arguments: [
            (#""directory": "/mnt/nas""#, "whether a directory locks"),
            (#""directory": "/mnt/nas", "local": true"#, "whether a directory locks"),
            (#""rclone": {"type": "sftp"}, "path": "p""#, "whether a store of type 'sftp' locks"),
            (#""rclone": {"type": "smb"}, "path": "p""#, "'smb'"),
            (#""rclone": {"type": "webdav"}, "path": "p""#, "'webdav'"),
            (#""rclone": {"type": "b2"}, "path": "p""#, "'b2'"),
        ])
    func unreadable(target: String, words: String) throws {
        #expect(try problems(target) == [])
        let problems = try problems("\(target), \"lock\": \"180d\"")
        #expect(problems.count == 1, "\(problems)")
        let problem = try #require(problems.first)
        #expect(problem.contains(" /backup/targets/a/lock: "), "\(problem)")
        #expect(problem.contains(words), "\(problem)")
        #expect(problem.contains("remove 'lock', or use a store of type 's3' or 'azureblob'"), "\(problem)")
    }

    @Test(
        "is good for S3 and Azure with a key to ask with",
        arguments: [
            #""type": "s3", "access_key_id": "a", "secret_access_key": "${secret:s}""#,
            #""type": "azureblob", "account": "acme", "key": "${secret:s}""#,
            #""type": "azureblob", "sas_url": "${secret:s}""#,
        ])
    func readable(options: String) throws {
        #expect(try problems(#""rclone": {\#(options)}, "path": "b/acme", "lock": "180d""#) == [])
    }

    @Test(
        "needs a key to ask with",
        arguments: [
            (#""type": "s3", "region": "eu""#, "'access_key_id' and 'secret_access_key'"),
            (#""type": "azureblob", "endpoint": "core.example.com""#, "'sas_url', or 'account' and 'key',"),
            (#""type": "azureblob", "account": "acme""#, "'sas_url', or 'account' and 'key',"),
        ])
    func withoutKey(options: String, words: String) throws {
        let problems = try problems(#""rclone": {\#(options)}, "path": "b/acme", "lock": "180d""#)
        #expect(problems.count == 1, "\(problems)")
        #expect(problems.first?.contains("/backup/targets/a/lock: ") == true, "\(problems)")
        #expect(problems.first?.contains("add \(words) to the options") == true, "\(problems)")
    }
}
